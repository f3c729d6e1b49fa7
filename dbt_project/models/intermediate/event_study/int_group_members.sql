with cars as (

    select * from {{ ref('int_window_cars') }}

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
where scar is not null
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
where scar is not null
