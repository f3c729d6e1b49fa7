with subjects as (

    select * from {{ ref('int_study_subjects') }}

),

returns as (

    select * from {{ ref('int_paired_returns') }}

),

observed as (

    select
        subjects.subject_id,
        returns.session_date,
        case subjects.return_type
            when 'log' then returns.log_return
            else returns.simple_return
        end as r,
        case subjects.return_type
            when 'log' then returns.benchmark_log_return
            else returns.benchmark_simple_return
        end as b,
    from subjects
    inner join returns
        on
            subjects.symbol = returns.symbol
            and returns.session_index between
            subjects.estimation_first_index and subjects.estimation_last_index

)

select
    subject_id,
    count(r) as return_observations,
    count(r) filter (where b is not null) as paired_observations,
    avg(r) as return_mean,
    var_samp(r) as return_variance,
    avg(r - b) as difference_mean,
    var_samp(r - b) as difference_variance,
    regr_slope(r, b) as slope,
    regr_intercept(r, b) as intercept,
    regr_avgx(r, b) as benchmark_mean,
    regr_sxx(r, b) as benchmark_sum_of_squares,
    regr_syy(r, b) - regr_slope(r, b) * regr_sxy(r, b) as residual_sum_of_squares,
    regr_r2(r, b) as r_squared,
    min(session_date) as estimation_first_session_date,
    max(session_date) as estimation_last_session_date,
from observed
group by subject_id
