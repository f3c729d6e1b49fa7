-- CAR is the sum of AR, for each event, instrument, model and window that is over.
{{ config(meta={
    'description': 'CAR is the sum of AR',
    'dagster': {'ref': {'name': 'event_study_results'}},
}) }}

with results as (select * from {{ ref('event_study_results') }}),

window_returns as (select * from {{ ref('event_window_returns') }}),

windows as (select * from {{ ref('int_study_windows') }}),

summed as (
    select
        results.event_study_result_id,
        any_value(results.car_pct) as car_pct,
        sum(window_returns.abnormal_return_pct) as summed_pct,
    from results
    inner join windows
        on
            results.study_id = windows.study_id
            and results.window_name = windows.window_name
    inner join window_returns
        on
            results.event_id = window_returns.event_id
            and results.study_id = window_returns.study_id
            and results.symbol = window_returns.symbol
            and results.model = window_returns.model
            and window_returns.relative_session
            between windows.window_first and windows.window_last
    where results.car_pct is not null
    group by results.event_study_result_id
)

select *
from summed
where abs(car_pct - summed_pct) > 1e-9
