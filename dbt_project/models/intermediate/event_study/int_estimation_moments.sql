-- A return over k sessions has k times the mean and the variance of one, so each row is weighted by
-- 1 / k: trade-to-trade returns, Maynes and Rumsey (1993), Journal of Banking and Finance 17,
-- 145-157. Without gaps this is ordinary least squares.
-- Where sums about zero lose digits (a benchmark that hardly moves, a line that fits nearly all), a
-- second pass adds up what is small already. Those subjects are few, and their rows put in order.
with drafts as (select * from {{ ref('int_estimation_drafts') }}),

drafted as (
    select
        buckets.*,
        drafts.return_mean,
        drafts.paired_return_mean,
        drafts.benchmark_mean,
        coalesce(drafts.slope, 0.0) as drafted_slope,
    from {{ ref('int_subject_buckets') }} as buckets
    inner join drafts on buckets.subject_key = drafts.subject_key
    where not drafts.is_exact
),

observed as (
    {{ estimation_returns('drafted') }}
),

deviations as (
    select
        subject_key,
        relative_session,
        k,
        drafted_slope,
        r,
        b,
        r - k * return_mean as r_deviation,
        case when b is not null then r - k * paired_return_mean end as paired_deviation,
        b - k * benchmark_mean as b_deviation,
        paired_deviation - drafted_slope * b_deviation as residual,
    from observed
),

-- the drafted means are exact but for rounding, and what is left of the sums mends the slope
squared as (
    select
        subject_key,
        any_value(drafted_slope) as drafted_slope,
        sum(r * r / k order by relative_session) as raw_return_squares,
        sum(b * b / k order by relative_session) as raw_benchmark_squares,
        sum(r_deviation * r_deviation / k order by relative_session) as return_squares,
        sum(
            (paired_deviation - b_deviation) * (paired_deviation - b_deviation) / k
            order by relative_session
        ) as difference_squares,
        sum(b_deviation * b_deviation / k order by relative_session) as benchmark_squares,
        sum(b_deviation * residual / k order by relative_session) as unexplained_product,
        sum(residual * residual / k order by relative_session) as drafted_residual_squares,
        sum(paired_deviation * paired_deviation / k order by relative_session)
            as paired_return_squares,
    from deviations
    group by subject_key
),

mended as (
    select
        *,
        drafted_slope + unexplained_product / nullif(benchmark_squares, 0) as slope,
        drafted_residual_squares
        - unexplained_product * unexplained_product / nullif(benchmark_squares, 0)
            as residual_squares,
        benchmark_squares > 1e-20 * raw_benchmark_squares as is_benchmark_moving,
    from squared
)

select
    subject_key,
    return_observations,
    paired_observations,
    return_sessions,
    paired_sessions,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
    return_mean,
    paired_return_mean,
    benchmark_mean,
    raw_return_squares,
    return_squares,
    paired_return_squares,
    difference_squares,
    benchmark_squares,
    slope,
    residual_squares,
    case when paired_observations > 0 then true end as is_benchmark_moving,
from drafts
where is_exact
union all
select
    drafts.subject_key,
    drafts.return_observations,
    drafts.paired_observations,
    drafts.return_sessions,
    drafts.paired_sessions,
    drafts.estimation_first_session_date,
    drafts.estimation_last_session_date,
    drafts.rests_on_correction,
    drafts.return_mean,
    drafts.paired_return_mean,
    drafts.benchmark_mean,
    mended.raw_return_squares,
    mended.return_squares,
    mended.paired_return_squares,
    mended.difference_squares,
    mended.benchmark_squares,
    mended.slope,
    mended.residual_squares,
    mended.is_benchmark_moving,
from drafts
inner join mended on drafts.subject_key = mended.subject_key
