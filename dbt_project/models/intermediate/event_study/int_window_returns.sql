with subjects as (

    select * from {{ ref('int_study_subjects') }}

),

estimations as (

    select * from {{ ref('int_estimations') }}

),

returns as (

    select * from {{ ref('int_paired_returns') }}

),

expected as (

    select
        subjects.subject_id,
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.group_name,
        estimations.model,
        returns.session_index - subjects.day_0_session_index as relative_session,
        returns.session_date,
        returns.sessions_spanned,
        returns.rests_on_correction,
        case subjects.return_type
            when 'log' then returns.log_return
            else returns.simple_return
        end as actual_return,
        case
            when estimations.model = 'mean_adjusted' then 0.0
            when subjects.return_type = 'log' then returns.benchmark_log_return
            else returns.benchmark_simple_return
        end as benchmark_return,
        estimations.alpha,
        estimations.beta,
        estimations.sigma,
        estimations.observations,
        estimations.degrees_of_freedom,
        estimations.benchmark_mean,
        estimations.benchmark_sum_of_squares,
        estimations.has_estimated_alpha,
        estimations.has_estimated_beta,
    from subjects
    inner join estimations on subjects.subject_id = estimations.subject_id
    inner join returns
        on
            subjects.symbol = returns.symbol
            and returns.session_index between
            subjects.event_first_index and subjects.event_last_index

),

abnormal as (

    select
        *,
        alpha + beta * benchmark_return as expected_return,
        actual_return - (alpha + beta * benchmark_return) as abnormal_return,
        case
            when has_estimated_beta then benchmark_return - benchmark_mean
            else 0.0
        end as benchmark_deviation,
        case when has_estimated_alpha then 1.0 / observations else 0.0 end as mean_uncertainty,
    from expected
    where benchmark_return is not null

)

select
    subject_id,
    event_id,
    study_id,
    symbol,
    group_name,
    model,
    relative_session,
    session_date,
    sessions_spanned,
    rests_on_correction,
    actual_return,
    expected_return,
    abnormal_return,
    benchmark_deviation,
    mean_uncertainty,
    benchmark_sum_of_squares,
    sigma,
    degrees_of_freedom,
    -- the prediction-error variance of one abnormal return: MacKinlay (1997), equation 8
    sigma * sqrt(
        1.0 + mean_uncertainty
        + if(
            has_estimated_beta,
            benchmark_deviation * benchmark_deviation / benchmark_sum_of_squares,
            0.0
        )
    ) as prediction_error,
from abnormal
