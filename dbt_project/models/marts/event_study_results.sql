{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={
        'stale': 'int_stale_subjects',
        'key': ['event_id', 'study_id', 'symbol'],
        'among': 'is_main'
    }
) }}

with touched as (select * from {{ ref('int_touched_subjects') }}),

cars as (
    select cars.*
    from {{ ref('int_window_cars') }} as cars
    inner join touched on cars.subject_key = touched.subject_key
    where cars.is_main
),

estimations as (select * from {{ ref('int_estimations') }})

select
    concat_ws('|', cars.event_id, cars.study_id, cars.symbol, cars.model, cars.window_name)
        as event_study_result_id,
    cars.event_id,
    cars.study_id,
    cars.symbol,
    cars.group_name,
    cast(cars.model as varchar) as model,
    cars.window_name,
    cars.window_first_session_date,
    cars.window_last_session_date,
    cast(cars.sessions_expected as integer) as sessions_expected,
    cast(cars.sessions_observed as integer) as sessions_observed,
    cast(cars.sessions_covered as integer) as sessions_covered,
    cast(cars.longest_span_sessions as integer) as longest_span_sessions,
    100 * cars.car as car_pct,
    100 * cars.bhar as bhar_pct,
    100 * cars.car_standard_error as car_standard_error_pct,
    cars.scar as car_t,
    cast(cars.degrees_of_freedom as integer) as degrees_of_freedom,
    {{ student_t_p_value('cars.scar', 'cars.degrees_of_freedom') }} as p_value,
    cars.uncorrected_t,
    {{ student_t_p_value('cars.uncorrected_t', 'cars.degrees_of_freedom') }}
        as uncorrected_p_value,
    cars.null_reason,
    cars.is_overlapping,
    100 * estimations.alpha as alpha_pct,
    estimations.beta,
    100 * estimations.sigma as sigma_pct,
    estimations.r_squared,
    cast(estimations.observations as integer) as estimation_observations,
    estimations.estimation_first_session_date,
    estimations.estimation_last_session_date,
    cars.rests_on_correction or estimations.rests_on_correction as rests_on_correction,
from cars
inner join estimations
    on
        cars.subject_key = estimations.subject_key
        and cars.model = estimations.model
