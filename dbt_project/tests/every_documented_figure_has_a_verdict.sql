-- No documented figure is lost on the way to its verdict, testable or not.
{{ config(meta={
    'description': 'no documented figure is lost on the way to its verdict',
    'dagster': {'ref': {'name': 'claim_verdicts'}},
}) }}

select figures.figure_id
from {{ ref('stg_documented_figures') }} as figures
left join {{ ref('claim_verdicts') }} as verdicts
    on figures.figure_id = verdicts.figure_id
group by figures.figure_id
having count(verdicts.claim_id) <> 1
