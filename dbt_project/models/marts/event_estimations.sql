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

-- noqa: disable=LT02
-- The slopes of the factors are listed by a loop, whose layout the linter cannot judge.
with subjects as (
    select * from {{ ref('int_touched_subjects') }}
    where is_main
),

estimations as (select * from {{ ref('int_estimations') }}),

moments as (select * from {{ ref('int_residual_moments') }}),

factor_estimations as (select * from {{ ref('int_factor_estimations') }}),

study_models as (
    select * from {{ ref('int_study_models') }}
    where has_factors
),

coverage as (select * from {{ ref('int_subject_coverage') }}),

sessions as (select * from {{ ref('int_trading_sessions') }})

select
    concat_ws('|', subjects.event_id, subjects.study_id, subjects.symbol, estimations.model)
        as event_estimation_id,
    subjects.event_id,
    subjects.study_id,
    subjects.symbol,
    subjects.group_name,
    cast(estimations.model as varchar) as model,
    100 * estimations.alpha as alpha_pct,
    estimations.beta,
    case
        when estimations.model = 'multi_factor'
            then
                '{' || concat_ws(
                    ', '
                    {%- for j in range(1, var('factor_slots') + 1) %},
                    '"' || study_models.regressors[{{ j }}] || '": '
                    || if(
                        factor_estimations.regressors >= {{ j }},
                        factor_estimations.beta_{{ j }},
                        null
                    )
                    {%- endfor %}
                ) || '}'
    end as factor_betas,
    100 * estimations.sigma as sigma_pct,
    estimations.r_squared,
    estimations.observations,
    cast(subjects.estimation_sessions - estimations.observations as integer) as missing_sessions,
    estimations.degrees_of_freedom,
    moments.autocorrelation,
    moments.durbin_watson,
    moments.skewness,
    moments.kurtosis,
    moments.jarque_bera,
    -- chi-squared with two degrees of freedom
    exp(-moments.jarque_bera / 2) as jarque_bera_p_value,
    estimations.estimation_first_session_date,
    estimations.estimation_last_session_date,
    event_first.session_date as event_first_session_date,
    event_last.session_date as event_last_session_date,
    subjects.day_0_session_date,
    coverage.is_overlapping,
    estimations.rests_on_correction,
from estimations
inner join subjects on estimations.subject_key = subjects.subject_key
inner join coverage on estimations.subject_key = coverage.subject_key
left join moments
    on
        estimations.subject_key = moments.subject_key
        and estimations.model = moments.model
left join factor_estimations on estimations.subject_key = factor_estimations.subject_key
left join study_models on subjects.study_id = study_models.study_id
left join sessions as event_first
    on
        subjects.mic = event_first.mic
        and subjects.event_first_index = event_first.session_index
left join sessions as event_last
    on
        subjects.mic = event_last.mic
        and subjects.event_last_index = event_last.session_index
