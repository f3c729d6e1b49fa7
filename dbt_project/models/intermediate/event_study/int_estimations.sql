{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

with subjects as (select * from {{ ref('int_touched_subjects') }}),

study_models as (select * from {{ ref('int_study_models') }}),

exclusions as (select * from {{ ref('int_study_exclusions') }}),

moments as (select * from {{ ref('int_estimation_moments') }}),

scholes_williams as (select * from {{ ref('int_scholes_williams') }}),

studied as (
    select
        moments.*,
        study_models.model,
        study_models.needs_benchmark,
        study_models.has_estimated_alpha,
        study_models.has_estimated_beta,
        case study_models.model
            when 'market_model' then moments.slope
            when 'scholes_williams' then scholes_williams.slope
            when 'market_adjusted' then 1.0
            when 'mean_adjusted' then 0.0
        end as beta,
    from subjects
    inner join study_models on subjects.study_id = study_models.study_id
    inner join exclusions on subjects.subject_key = exclusions.subject_key
    inner join moments on subjects.subject_key = moments.subject_key
    left join scholes_williams on subjects.subject_key = scholes_williams.subject_key
    where exclusions.reason is null and not study_models.has_factors
),

-- each model is a line r = alpha + beta * b; they differ in which of the two is estimated
fitted as (
    select
        *,
        case
            when not needs_benchmark then return_mean
            when has_estimated_beta then paired_return_mean - beta * benchmark_mean
            else 0.0
        end as alpha,
        -- about a line of another slope through the same means
        case
            when not needs_benchmark then return_squares
            when has_estimated_beta
                then residual_squares + (slope - beta) * (slope - beta) * benchmark_squares
            else difference_squares
        end as squares,
        if(needs_benchmark, paired_observations, return_observations) as observations,
        if(needs_benchmark, paired_sessions, return_sessions) as sessions,
        if(has_estimated_beta, paired_observations - 2, observations - 1) as degrees_of_freedom,
    from studied
    where beta is not null
),

factor_estimations as (
    select estimations.*
    from {{ ref('int_factor_estimations') }} as estimations
    inner join exclusions on estimations.subject_key = exclusions.subject_key
    where exclusions.reason is null and not estimations.is_singular
)

select
    subject_key,
    model,
    needs_benchmark,
    has_estimated_beta,
    alpha,
    beta,
    -- what is left of a perfect fit is rounding, not a variance to test against
    case
        when squares > 1e-20 * raw_return_squares then sqrt(squares / degrees_of_freedom)
        else 0.0
    end as sigma,
    cast(observations as integer) as observations,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    case
        when has_estimated_beta and paired_return_squares > 0
            then 1.0 - squares / paired_return_squares
    end as r_squared,
    benchmark_mean,
    case when has_estimated_alpha then 1.0 / sessions else 0.0 end as alpha_uncertainty,
    case when has_estimated_beta then 1.0 / benchmark_squares else 0.0 end as beta_uncertainty,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
from fitted
union all
select
    subject_key,
    cast('multi_factor' as {{ model_type() }}) as model,
    false as needs_benchmark,
    false as has_estimated_beta,
    alpha,
    -- it has as many slopes as factors, in int_factor_estimations
    cast(null as double) as beta,
    case
        when residual_squares > 1e-20 * yy then sqrt(residual_squares / degrees_of_freedom)
        else 0.0
    end as sigma,
    cast(observations as integer) as observations,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    1.0 - residual_squares / nullif(yy, 0) as r_squared,
    cast(null as double) as benchmark_mean,
    1.0 / sessions as alpha_uncertainty,
    0.0 as beta_uncertainty,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
from factor_estimations
