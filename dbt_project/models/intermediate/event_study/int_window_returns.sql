{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

with subjects as (
    select
        *,
        unnest(range(event_first_index // 64, event_last_index // 64 + 1)) as session_bucket,
    from {{ ref('int_touched_subjects') }}
    where day_0_session_index is not null
),

fitted as (
    select
        subjects.instrument_key,
        subjects.session_bucket,
        subjects.event_first_index,
        subjects.event_last_index,
        subjects.day_0_session_index,
        subjects.is_log,
        estimations.*,
    from subjects
    inner join {{ ref('int_estimations') }} as estimations
        on subjects.subject_key = estimations.subject_key
    where estimations.model <> 'multi_factor'
),

observed as (
    select
        buckets.*,
        cast(returns.session_index - buckets.day_0_session_index as integer) as relative_session,
        returns.session_date,
        returns.sessions_spanned,
        returns.rests_on_correction as return_rests_on_correction,
        {{ return_of_study('') }} as actual_return,
        {{ return_of_study('benchmark_') }} as benchmark_return,
    from {{ ref('int_paired_returns') }} as returns
    inner join fitted as buckets
        on
            returns.instrument_key = buckets.instrument_key
            and returns.session_index // 64 = buckets.session_bucket
    where
        returns.session_index between buckets.event_first_index and buckets.event_last_index
),

expected as (
    select
        *,
        -- alpha is a return per session
        sessions_spanned * alpha + case
            when needs_benchmark then beta * benchmark_return
            else 0.0
        end as expected_return,
        case
            when has_estimated_beta then benchmark_return - sessions_spanned * benchmark_mean
            else 0.0
        end as benchmark_deviation,
    from observed
)

select
    subject_key,
    model,
    relative_session,
    session_date,
    sessions_spanned,
    rests_on_correction or return_rests_on_correction as rests_on_correction,
    actual_return,
    expected_return,
    actual_return - expected_return as abnormal_return,
    benchmark_deviation,
    sigma * sqrt(sessions_spanned) as uncorrected_error,
    -- MacKinlay (1997), equation 8, for a return over any number of sessions
    sigma * sqrt(
        sessions_spanned
        + sessions_spanned * sessions_spanned * alpha_uncertainty
        + benchmark_deviation * benchmark_deviation * beta_uncertainty
    ) as prediction_error,
from expected
union all
select
    fits.subject_key,
    cast('multi_factor' as {{ model_type() }}) as model,
    fits.relative_session,
    fits.session_date,
    cast(fits.k as integer) as sessions_spanned,
    fits.rests_on_correction or estimations.rests_on_correction as rests_on_correction,
    fits.actual_return,
    fits.expected_return,
    fits.abnormal_return,
    0.0 as benchmark_deviation,
    if(estimations.sigma > 0, fits.uncorrected_error, 0.0) as uncorrected_error,
    if(estimations.sigma > 0, fits.prediction_error, 0.0) as prediction_error,
from {{ ref('int_factor_fits') }} as fits
inner join {{ ref('int_touched_subjects') }} as touched
    on fits.subject_key = touched.subject_key
inner join {{ ref('int_estimations') }} as estimations
    on
        fits.subject_key = estimations.subject_key
        and estimations.model = 'multi_factor'
where fits.is_event_window
