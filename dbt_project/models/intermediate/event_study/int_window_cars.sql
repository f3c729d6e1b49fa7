with window_returns as (

    select * from {{ ref('int_window_returns') }}

),

windows as (

    select * from {{ ref('int_study_windows') }}

),

summed as (

    select
        window_returns.subject_id,
        window_returns.event_id,
        window_returns.study_id,
        window_returns.symbol,
        window_returns.group_name,
        window_returns.model,
        windows.window_name,
        windows.window_first,
        windows.window_last,
        windows.window_last - windows.window_first + 1 as sessions_expected,
        count(*) as sessions_observed,
        max(window_returns.relative_session) as last_observed,
        min(window_returns.session_date) as window_first_session_date,
        max(window_returns.session_date) as window_last_session_date,
        max(window_returns.sessions_spanned) as longest_span_sessions,
        bool_or(window_returns.rests_on_correction) as rests_on_correction,
        sum(window_returns.abnormal_return) as car,
        product(1.0 + window_returns.actual_return)
        - product(1.0 + window_returns.expected_return) as bhar,
        any_value(window_returns.sigma) as sigma,
        any_value(window_returns.degrees_of_freedom) as degrees_of_freedom,
        any_value(window_returns.mean_uncertainty) as mean_uncertainty,
        any_value(window_returns.benchmark_sum_of_squares) as benchmark_sum_of_squares,
        sum(window_returns.benchmark_deviation) as benchmark_deviation,
    from window_returns
    inner join windows
        on
            window_returns.study_id = windows.study_id
            and window_returns.relative_session between windows.window_first and windows.window_last
    group by all

),

-- abnormal returns of one window share their estimation error, so its terms grow with the square
-- of the window: Salinger (1992), Journal of Financial and Quantitative Analysis 27, 39-53
scaled as (

    select
        *,
        sigma * sqrt(
            sessions_observed
            + mean_uncertainty * sessions_observed * sessions_observed
            + benchmark_deviation * benchmark_deviation / nullif(benchmark_sum_of_squares, 0)
        ) as car_standard_error,
        last_observed = window_last as is_complete,
    from summed

),

tested as (

    select
        *,
        case
            when is_complete and car_standard_error > 0 then car / car_standard_error
        end as scar,
        case
            when not is_complete then 'window not over'
            when coalesce(car_standard_error, 0) <= 0 then 'no variance in the estimation window'
        end as null_reason,
    from scaled

)

select
    subject_id,
    event_id,
    study_id,
    symbol,
    group_name,
    model,
    window_name,
    window_first,
    window_last,
    window_first_session_date,
    window_last_session_date,
    sessions_expected,
    sessions_observed,
    longest_span_sessions,
    rests_on_correction,
    case when is_complete then car end as car,
    case when is_complete then bhar end as bhar,
    case when is_complete then car_standard_error end as car_standard_error,
    scar,
    degrees_of_freedom,
    null_reason,
from tested
