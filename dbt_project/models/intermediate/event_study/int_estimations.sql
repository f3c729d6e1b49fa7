with subjects as (select * from {{ ref('int_study_subjects') }}),

study_models as (select * from {{ ref('int_study_models') }}),

exclusions as (select * from {{ ref('int_study_exclusions') }}),

moments as (select * from {{ ref('int_estimation_moments') }}),

studied as (
    select
        moments.*,
        study_models.model,
        study_models.needs_benchmark,
        study_models.has_estimated_alpha,
        study_models.has_estimated_beta,
    from subjects
    inner join study_models on subjects.study_id = study_models.study_id
    inner join exclusions on subjects.subject_key = exclusions.subject_key
    inner join moments on subjects.subject_key = moments.subject_key
    where exclusions.reason is null
),

-- each model is a line r = alpha + beta * b; they differ in which of the two is estimated
fitted as (
    select
        *,
        case model
            when 'market_model' then paired_return_mean - slope * benchmark_mean
            when 'market_adjusted' then 0.0
            when 'mean_adjusted' then return_mean
        end as alpha,
        case model
            when 'market_model' then slope
            when 'market_adjusted' then 1.0
            when 'mean_adjusted' then 0.0
        end as beta,
        case model
            when 'market_model' then residual_squares
            when 'market_adjusted' then difference_squares
            when 'mean_adjusted' then return_squares
        end as squares,
        case model
            when 'mean_adjusted' then return_observations
            else paired_observations
        end as observations,
        case model
            when 'mean_adjusted' then return_sessions
            else paired_sessions
        end as sessions,
        case model
            when 'market_model' then paired_observations - 2
            when 'market_adjusted' then paired_observations - 1
            when 'mean_adjusted' then return_observations - 1
        end as degrees_of_freedom,
    from studied
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
    observations,
    degrees_of_freedom,
    case when has_estimated_beta then 1.0 - squares / paired_return_squares end as r_squared,
    benchmark_mean,
    case when has_estimated_alpha then 1.0 / sessions else 0.0 end as alpha_uncertainty,
    case when has_estimated_beta then 1.0 / benchmark_squares else 0.0 end as beta_uncertainty,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
from fitted
