with subjects as (

    select * from {{ ref('int_study_subjects') }}

),

exclusions as (

    select * from {{ ref('int_study_exclusions') }}

),

moments as (

    select * from {{ ref('int_estimation_moments') }}

),

studied as (

    select
        subjects.subject_id,
        unnest(string_split(subjects.models, ' ')) as model,
    from subjects
    inner join exclusions on subjects.subject_id = exclusions.subject_id
    where exclusions.reason is null

),

-- each model is a line r = alpha + beta * b; they differ in which of the two is estimated
fitted as (

    select
        studied.subject_id,
        studied.model,
        moments.benchmark_mean,
        moments.benchmark_sum_of_squares,
        moments.estimation_first_session_date,
        moments.estimation_last_session_date,
        case studied.model
            when 'market_model' then moments.intercept
            when 'market_adjusted' then 0.0
            when 'mean_adjusted' then moments.return_mean
        end as alpha,
        case studied.model
            when 'market_model' then moments.slope
            when 'market_adjusted' then 1.0
            when 'mean_adjusted' then 0.0
        end as beta,
        case studied.model
            when 'market_model'
                then moments.residual_sum_of_squares / nullif(moments.paired_observations - 2, 0)
            when 'market_adjusted' then moments.difference_variance
            when 'mean_adjusted' then moments.return_variance
        end as residual_variance,
        case studied.model
            when 'mean_adjusted' then moments.return_observations
            else moments.paired_observations
        end as observations,
        case studied.model
            when 'market_model' then moments.paired_observations - 2
            when 'market_adjusted' then moments.paired_observations - 1
            when 'mean_adjusted' then moments.return_observations - 1
        end as degrees_of_freedom,
        case when studied.model = 'market_model' then moments.r_squared end as r_squared,
        studied.model <> 'market_adjusted' as has_estimated_alpha,
        studied.model = 'market_model' as has_estimated_beta,
    from studied
    inner join moments on studied.subject_id = moments.subject_id

)

select
    subject_id,
    model,
    alpha,
    beta,
    sqrt(residual_variance) as sigma,
    observations,
    degrees_of_freedom,
    r_squared,
    benchmark_mean,
    benchmark_sum_of_squares,
    has_estimated_alpha,
    has_estimated_beta,
    estimation_first_session_date,
    estimation_last_session_date,
from fitted
