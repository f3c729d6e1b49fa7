with subjects as (select * from {{ ref('int_study_subjects') }}),

estimations as (select * from {{ ref('int_estimations') }}),

returns as (select * from {{ ref('int_paired_returns') }}),

observed as (
    select
        subjects.subject_key,
        returns.session_index - subjects.day_0_session_index as relative_session,
        returns.session_date,
        returns.sessions_spanned,
        returns.rests_on_correction,
        {{ return_of_study('') }} as actual_return,
        {{ return_of_study('benchmark_') }} as benchmark_return,
    from subjects
    inner join returns
        on
            subjects.symbol = returns.symbol
            and returns.session_index between
            subjects.event_first_index and subjects.event_last_index
),

expected as (
    select
        observed.subject_key,
        estimations.model,
        observed.relative_session,
        observed.session_date,
        observed.sessions_spanned,
        observed.rests_on_correction or estimations.rests_on_correction as rests_on_correction,
        observed.actual_return,
        estimations.sigma,
        estimations.alpha_uncertainty,
        estimations.beta_uncertainty,
        -- alpha is a return per session
        observed.sessions_spanned * estimations.alpha
        + case
            when estimations.needs_benchmark then estimations.beta * observed.benchmark_return
            else 0.0
        end as expected_return,
        case
            when estimations.has_estimated_beta
                then
                    observed.benchmark_return
                    - observed.sessions_spanned * estimations.benchmark_mean
            else 0.0
        end as benchmark_deviation,
    from observed
    inner join estimations on observed.subject_key = estimations.subject_key
)

select
    subject_key,
    model,
    relative_session,
    session_date,
    sessions_spanned,
    rests_on_correction,
    actual_return,
    expected_return,
    actual_return - expected_return as abnormal_return,
    benchmark_deviation,
    -- MacKinlay (1997), equation 8, for a return over any number of sessions
    sigma * sqrt(
        sessions_spanned
        + sessions_spanned * sessions_spanned * alpha_uncertainty
        + benchmark_deviation * benchmark_deviation * beta_uncertainty
    ) as prediction_error,
from expected
