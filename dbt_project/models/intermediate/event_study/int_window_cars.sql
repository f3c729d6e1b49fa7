{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

with subjects as (select * from {{ ref('int_touched_subjects') }}),

coverage as (select * from {{ ref('int_subject_coverage') }}),

estimations as (select * from {{ ref('int_estimations') }}),

sums as (select * from {{ ref('int_window_sums') }}),

factor_errors as (select * from {{ ref('int_factor_window_errors') }}),

-- the abnormal returns of a window share the error of one estimation, which grows with the square
-- of the window: Salinger (1992), Journal of Financial and Quantitative Analysis 27, 39-53
scaled as (
    select
        sums.*,
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.group_name,
        subjects.is_main,
        coverage.is_overlapping,
        estimations.degrees_of_freedom,
        estimations.sigma * sqrt(sums.sessions_covered) as uncorrected_standard_error,
        estimations.sigma * sqrt(
            sums.sessions_covered
            + sums.sessions_covered * sums.sessions_covered * estimations.alpha_uncertainty
            + sums.benchmark_deviation * sums.benchmark_deviation * estimations.beta_uncertainty
            + coalesce(factor_errors.deviation_squares, 0.0)
        ) as car_standard_error,
        case
            when coverage.last_index < subjects.day_0_session_index + sums.window_last
                then 'window not over'
            when sums.last_observed is null or sums.last_observed < sums.window_last
                then 'no usable close on the last session of the window'
            when sums.abnormal_returns < sums.sessions_observed and sums.model = 'multi_factor'
                then 'no factor return for a session of the window'
            when sums.abnormal_returns < sums.sessions_observed
                then 'no benchmark return for a session of the window'
        end as incomplete_reason,
    from sums
    inner join subjects on sums.subject_key = subjects.subject_key
    inner join coverage on sums.subject_key = coverage.subject_key
    inner join estimations
        on
            sums.subject_key = estimations.subject_key
            and sums.model = estimations.model
    left join factor_errors
        on
            sums.subject_key = factor_errors.subject_key
            and sums.window_name = factor_errors.window_name
            and sums.model = 'multi_factor'
)

select
    subject_key,
    event_id,
    study_id,
    symbol,
    group_name,
    is_main,
    is_overlapping,
    model,
    window_name,
    window_first,
    window_last,
    window_first_session_date,
    window_last_session_date,
    window_last - window_first + 1 as sessions_expected,
    sessions_observed,
    sessions_covered,
    longest_span_sessions,
    rests_on_correction,
    case when incomplete_reason is null then car end as car,
    case when incomplete_reason is null then bhar end as bhar,
    case when incomplete_reason is null then car_standard_error end as car_standard_error,
    case
        when incomplete_reason is null and car_standard_error > 0 then car / car_standard_error
    end as scar,
    case
        when incomplete_reason is null and uncorrected_standard_error > 0
            then car / uncorrected_standard_error
    end as uncorrected_t,
    degrees_of_freedom,
    case
        when incomplete_reason is not null then incomplete_reason
        when car_standard_error = 0 then 'no variance in the estimation window'
    end as null_reason,
from scaled
