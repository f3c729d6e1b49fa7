{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

with subjects as (select * from {{ ref('int_touched_subjects') }}),

coverage as (select * from {{ ref('int_subject_coverage') }}),

known as (
    select
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.group_name,
        subjects.pooled,
        subjects.fingerprint,
        subjects.mic,
        subjects.benchmark_symbol,
        subjects.day_0_session_date,
        subjects.day_0_session_index,
        subjects.minimum_observations,
        subjects.is_main,
        coverage.*,
    from subjects
    inner join coverage on subjects.subject_key = coverage.subject_key
),

-- the first reason that holds is the reason: each stands for something to mend
judged as (
    select
        *,
        case
            when first_index is null then 'no_bars'
            when calendar_first_session_date is null then 'unknown_exchange'
            when day_0_session_index is null then 'event_outside_data'
            when day_0_session_index <= first_index then 'event_outside_data'
            when day_0_session_index > last_index and day_0_quality is null
                then 'event_outside_data'
            when duplicates_event_id is not null then 'duplicate_event'
            when not has_day_0_return then 'quarantined_day_0'
            when needs_benchmark and not has_benchmark_bars then 'no_benchmark_bars'
            when needs_benchmark and not has_day_0_benchmark_return then 'no_benchmark_bars'
            when observations < minimum_observations then 'too_few_observations'
            when needs_moving_benchmark and not is_benchmark_moving then 'too_few_observations'
            when has_collinear_factors or lacks_neighbours then 'too_few_observations'
        end as reason,
    from known
)

select
    subject_key,
    is_main,
    event_id,
    study_id,
    symbol,
    group_name,
    pooled,
    fingerprint,
    reason,
    case
        when reason = 'no_bars' and mic is null
            then symbol || ' is not in instruments.csv'
        when reason = 'no_bars'
            then 'no usable daily bar of ' || symbol || ' has been landed'
        when reason = 'unknown_exchange'
            then 'no exchange with sessions stands behind mic ' || mic
        when reason = 'event_outside_data' and day_0_session_date is null
            then
                'the calendar of ' || mic || ' runs from ' || calendar_first_session_date
                || ' to ' || calendar_last_session_date
        when reason = 'event_outside_data'
            then
                'day 0 is ' || day_0_session_date || ', usable bars run from '
                || first_session_date || ' to ' || last_session_date
        when reason = 'duplicate_event'
            then
                'the event ' || duplicates_event_id || ' has the same day 0, ' || day_0_session_date
        when reason = 'quarantined_day_0'
            then 'the bar of ' || day_0_session_date || ' is ' || coalesce(day_0_quality, 'missing')
        when reason = 'no_benchmark_bars' and benchmark_symbol is null
            then symbol || ' has no benchmark in instruments.csv'
        when reason = 'no_benchmark_bars' and not has_benchmark_bars
            then 'the benchmark ' || benchmark_symbol || ' has no usable bar'
        when reason = 'no_benchmark_bars'
            then 'the benchmark ' || benchmark_symbol || ' has no return for ' || day_0_session_date
        when reason = 'too_few_observations' and observations < minimum_observations
            then
                observations || ' estimation returns, at least ' || minimum_observations
                || ' are asked for'
        when reason = 'too_few_observations' and lacks_neighbours
            then 'no returns with one before and one after, which scholes_williams needs'
        when reason = 'too_few_observations' and has_collinear_factors
            then 'the factors do not vary apart from each other in the estimation window'
        when reason = 'too_few_observations'
            then 'the benchmark ' || benchmark_symbol || ' does not move in the estimation window'
    end as detail,
from judged
