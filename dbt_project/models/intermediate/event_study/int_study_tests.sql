{{ config(materialized='view') }}

with studies as (select * from {{ ref('stg_studies') }}),

-- noqa: disable=LT02
known as (
    {%- for test in group_tests() %}
    select
        '{{ test.name }}' as test,
        '{{ test.needs }}' as needs,
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    studies.study_id,
    known.test,
    known.needs,
from studies
inner join known
    on
        studies.tests is null
        or list_contains(string_split(studies.tests, ' '), known.test)
