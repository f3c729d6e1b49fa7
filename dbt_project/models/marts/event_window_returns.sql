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

with subjects as (
    select * from {{ ref('int_touched_subjects') }}
    where is_main
),

estimations as (select * from {{ ref('int_estimations') }}),

-- a session without a benchmark return has no abnormal return
window_returns as (
    select * from {{ ref('int_window_returns') }}
    where abnormal_return is not null
),

cumulated as (
    select
        *,
        sum(abnormal_return) over so_far as cumulative_abnormal_return,
        sum(sessions_spanned) over so_far as sessions_covered,
        sum(benchmark_deviation) over so_far as cumulative_deviation,
        abnormal_return / nullif(prediction_error, 0) as standardised_abnormal_return,
        abnormal_return / nullif(uncorrected_error, 0) as uncorrected_t,
    from window_returns
    window so_far as (
        partition by subject_key, model
        order by relative_session
    )
),

named as (
    select
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.group_name,
        estimations.degrees_of_freedom,
        {{ student_t_critical_value('estimations.degrees_of_freedom') }} as critical_value,
        -- Salinger (1992), as in int_window_cars; the factors' part is known by named window only
        case
            when cumulated.model <> 'multi_factor' then nullif(estimations.sigma, 0) * sqrt(
                cumulated.sessions_covered
                + cumulated.sessions_covered * cumulated.sessions_covered
                * estimations.alpha_uncertainty
                + cumulated.cumulative_deviation * cumulated.cumulative_deviation
                * estimations.beta_uncertainty
            )
        end as cumulative_error,
        cumulated.*,
    from cumulated
    inner join subjects on cumulated.subject_key = subjects.subject_key
    inner join estimations
        on
            cumulated.subject_key = estimations.subject_key
            and cumulated.model = estimations.model
),

banded as (
    select
        *,
        critical_value * nullif(prediction_error, 0) as half_band,
        critical_value * cumulative_error as cumulative_half_band,
    from named
)

select
    concat_ws('|', event_id, study_id, symbol, model, relative_session) as event_window_return_id,
    event_id,
    study_id,
    symbol,
    group_name,
    cast(model as varchar) as model,
    cast(relative_session as integer) as relative_session,
    session_date,
    cast(sessions_spanned as integer) as sessions_spanned,
    rests_on_correction,
    100 * actual_return as return_pct,
    100 * expected_return as expected_return_pct,
    100 * abnormal_return as abnormal_return_pct,
    100 * cumulative_abnormal_return as cumulative_abnormal_return_pct,
    100 * prediction_error as prediction_error_pct,
    100 * (abnormal_return - half_band) as abnormal_return_low_pct,
    100 * (abnormal_return + half_band) as abnormal_return_high_pct,
    100 * cumulative_error as cumulative_error_pct,
    100 * (cumulative_abnormal_return - cumulative_half_band) as cumulative_low_pct,
    100 * (cumulative_abnormal_return + cumulative_half_band) as cumulative_high_pct,
    standardised_abnormal_return,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    {{ student_t_p_value('standardised_abnormal_return', 'degrees_of_freedom') }} as p_value,
    uncorrected_t,
    {{ student_t_p_value('uncorrected_t', 'degrees_of_freedom') }} as uncorrected_p_value,
from banded
