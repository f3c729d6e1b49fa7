with exclusions as (select * from {{ ref('int_study_exclusions') }})

select
    concat_ws('|', event_id, study_id, symbol) as event_exclusion_id,
    event_id,
    study_id,
    symbol,
    reason,
    detail,
from exclusions
where is_main and reason is not null
