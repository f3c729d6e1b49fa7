-- A return over k sessions has k times the mean and the variance of one, so each row is weighted by
-- 1 / k: trade-to-trade returns, Maynes and Rumsey (1993), Journal of Banking and Finance 17,
-- 145-157. Without gaps this is ordinary least squares.
-- Second pass: sums of what is small already, where `syy - slope * sxy` would cancel.
with drafted as (
    select
        buckets.*,
        drafts.drafted_return_mean,
        drafts.drafted_paired_mean,
        drafts.drafted_benchmark_mean,
        drafts.drafted_slope,
    from {{ ref('int_subject_buckets') }} as buckets
    inner join {{ ref('int_estimation_drafts') }} as drafts
        on buckets.subject_key = drafts.subject_key
),

observed as (
    {{ estimation_returns('drafted') }}
),

deviations as (
    select
        *,
        case when b is not null then r end as paired_r,
        case when b is not null then k end as paired_k,
        r - k * drafted_return_mean as r_deviation,
        case when b is not null then r - k * drafted_paired_mean end as paired_deviation,
        b - k * drafted_benchmark_mean as b_deviation,
    from observed
),

residuals as (
    select
        *,
        paired_deviation - drafted_slope * b_deviation as residual,
    from deviations
),

-- the drafted means are exact but for rounding, and what is left of the sums mends the slope
squared as (
    select
        subject_key,
        any_value(drafted_return_mean) as return_mean,
        any_value(drafted_paired_mean) as paired_return_mean,
        any_value(drafted_benchmark_mean) as benchmark_mean,
        any_value(drafted_slope) as drafted_slope,
        count(r) as return_observations,
        count(b) as paired_observations,
        sum(k) as return_sessions,
        sum(paired_k) as paired_sessions,
        sum(r * r / k) as raw_return_squares,
        sum(b * b / k) as raw_benchmark_squares,
        sum(r_deviation * r_deviation / k) as return_squares,
        sum((paired_deviation - b_deviation) * (paired_deviation - b_deviation) / k)
            as difference_squares,
        sum(b_deviation * b_deviation / k) as benchmark_squares,
        sum(b_deviation * residual / k) as unexplained_product,
        sum(residual * residual / k) as drafted_residual_squares,
        sum(paired_deviation * paired_deviation / k) as paired_return_squares,
        min(session_date) as estimation_first_session_date,
        max(session_date) as estimation_last_session_date,
        bool_or(return_rests_on_correction) as rests_on_correction,
    from residuals
    group by subject_key
)

select
    subject_key,
    return_observations,
    paired_observations,
    return_sessions,
    paired_sessions,
    raw_return_squares,
    return_squares,
    paired_return_squares,
    difference_squares,
    benchmark_squares,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
    return_mean,
    paired_return_mean,
    benchmark_mean,
    drafted_slope + unexplained_product / nullif(benchmark_squares, 0) as slope,
    drafted_residual_squares
    - unexplained_product * unexplained_product / nullif(benchmark_squares, 0)
        as residual_squares,
    benchmark_squares > 1e-20 * raw_benchmark_squares as is_benchmark_moving,
from squared
