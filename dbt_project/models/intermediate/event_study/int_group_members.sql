{{ config(materialized='view') }}

with cars as (
    select * from {{ ref('int_window_cars') }}
    where scar is not null
)

select
    event_id,
    study_id,
    group_name,
    model,
    window_name,
    symbol,
    car,
    scar,
    degrees_of_freedom,
from cars
-- a group that is named so would stand in the union twice
where group_name <> 'all'
union all
select
    event_id,
    study_id,
    'all' as group_name,
    model,
    window_name,
    symbol,
    car,
    scar,
    degrees_of_freedom,
from cars
