with subjects as (select * from {{ ref('int_touched_subjects') }}),

estimations as (select * from {{ ref('int_estimations') }}),

windows as (select * from {{ ref('int_study_windows') }}),

window_returns as (select * from {{ ref('int_window_returns') }}),

asked as (
    select
        estimations.subject_key,
        estimations.model,
        subjects.is_log,
        windows.window_name,
        windows.window_first,
        windows.window_last,
    from estimations
    inner join subjects on estimations.subject_key = subjects.subject_key
    inner join windows on subjects.study_id = windows.study_id
)

select
    asked.subject_key,
    asked.model,
    asked.window_name,
    asked.window_first,
    asked.window_last,
    count(window_returns.relative_session) as sessions_observed,
    count(window_returns.abnormal_return) as abnormal_returns,
    max(window_returns.relative_session) as last_observed,
    min(window_returns.session_date) as window_first_session_date,
    max(window_returns.session_date) as window_last_session_date,
    sum(window_returns.sessions_spanned) as sessions_covered,
    max(window_returns.sessions_spanned) as longest_span_sessions,
    coalesce(bool_or(window_returns.rests_on_correction), false) as rests_on_correction,
    {{ order_free_sum('window_returns.abnormal_return') }} as car,
    -- holding compounds: simple returns multiply, log returns add up
    case
        when asked.is_log
            then
                exp({{ order_free_sum('window_returns.actual_return') }})
                - exp({{ order_free_sum('window_returns.expected_return') }})
        else
            {{ order_free_product('1.0 + window_returns.actual_return') }}
            - {{ order_free_product('1.0 + window_returns.expected_return') }}
    end as bhar,
    {{ order_free_sum('window_returns.benchmark_deviation') }} as benchmark_deviation,
from asked
left join window_returns
    on
        asked.subject_key = window_returns.subject_key
        and asked.model = window_returns.model
        and window_returns.relative_session between asked.window_first and asked.window_last
group by
    asked.subject_key,
    asked.model,
    asked.is_log,
    asked.window_name,
    asked.window_first,
    asked.window_last
