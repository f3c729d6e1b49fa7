-- A return over k sessions has k times the mean and the variance of one, so each row is weighted by
-- 1 / k: trade-to-trade returns, Maynes and Rumsey (1993), Journal of Banking and Finance 17,
-- 145-157. Without gaps this is ordinary least squares.
with observed as (
    select
        subject_key,
        session_date,
        rests_on_correction,
        cast(sessions_spanned as double) as k,
        case when benchmark_return is not null then sessions_spanned end as paired_k,
        actual_return as r,
        case when benchmark_return is not null then actual_return end as paired_r,
        benchmark_return as b,
    from {{ ref('int_estimation_returns') }}
),

-- first pass: the means per session and a slope that need not have all its digits yet
drafted as (
    select
        subject_key,
        sum(r) / sum(k) as return_mean,
        sum(paired_r) / sum(paired_k) as paired_return_mean,
        sum(b) / sum(paired_k) as benchmark_mean,
        coalesce(
            (sum(paired_r * b / k) - sum(paired_r) * sum(b) / sum(paired_k))
            / nullif(sum(b * b / k) - sum(b) * sum(b) / sum(paired_k), 0),
            0.0
        ) as slope,
    from observed
    group by subject_key
),

deviations as (
    select
        observed.*,
        drafted.slope as drafted_slope,
        observed.r - observed.k * drafted.return_mean as r_deviation,
        observed.paired_r - observed.k * drafted.paired_return_mean as paired_deviation,
        observed.b - observed.k * drafted.benchmark_mean as b_deviation,
    from observed
    inner join drafted on observed.subject_key = drafted.subject_key
),

residuals as (
    select
        *,
        paired_deviation - b_deviation as difference_deviation,
        paired_deviation - drafted_slope * b_deviation as residual,
    from deviations
),

-- second pass: squares of what is small already, where `syy - slope * sxy` would cancel
squared as (
    select
        subject_key,
        count(r) as return_observations,
        count(b) as paired_observations,
        sum(k) as return_sessions,
        sum(paired_k) as paired_sessions,
        sum(r * r / k) as raw_return_squares,
        sum(b * b / k) as raw_benchmark_squares,
        sum(r_deviation * r_deviation / k) as return_squares,
        sum(paired_deviation * paired_deviation / k) as paired_return_squares,
        sum(difference_deviation * difference_deviation / k) as difference_squares,
        sum(b_deviation * b_deviation / k) as benchmark_squares,
        sum(b_deviation * residual / k) as unexplained_product,
        sum(residual * residual / k) as drafted_residual_squares,
        min(session_date) as estimation_first_session_date,
        max(session_date) as estimation_last_session_date,
        bool_or(rests_on_correction) as rests_on_correction,
    from residuals
    group by subject_key
)

select
    squared.subject_key,
    squared.return_observations,
    squared.paired_observations,
    squared.return_sessions,
    squared.paired_sessions,
    squared.raw_return_squares,
    squared.return_squares,
    squared.paired_return_squares,
    squared.difference_squares,
    squared.benchmark_squares,
    squared.estimation_first_session_date,
    squared.estimation_last_session_date,
    squared.rests_on_correction,
    drafted.return_mean,
    drafted.paired_return_mean,
    drafted.benchmark_mean,
    -- what the residuals still owe to the benchmark mends the slope
    drafted.slope + squared.unexplained_product / nullif(squared.benchmark_squares, 0) as slope,
    squared.drafted_residual_squares
    - squared.unexplained_product * squared.unexplained_product
    / nullif(squared.benchmark_squares, 0) as residual_squares,
    squared.benchmark_squares > 1e-20 * squared.raw_benchmark_squares as is_benchmark_moving,
from squared
inner join drafted on squared.subject_key = drafted.subject_key
