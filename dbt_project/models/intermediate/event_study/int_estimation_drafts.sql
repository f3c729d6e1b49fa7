{{ config(materialized='view') }}

-- The moments of the estimation windows from sums about zero. A few subjects lose digits this way
-- and are computed again in two passes.
with sums as (select * from {{ ref('int_estimation_sums') }}),

centred as (
    select
        *,
        r / k as return_mean,
        paired_r / paired_k as paired_return_mean,
        b / paired_k as benchmark_mean,
        rr - r * r / k as return_squares,
        paired_rr - paired_r * paired_r / paired_k as paired_return_squares,
        bb - b * b / paired_k as benchmark_squares,
        rb - paired_r * b / paired_k as product,
        paired_return_squares - 2 * product + benchmark_squares as difference_squares,
        case when benchmark_squares > 1e-12 * bb then product / benchmark_squares end as slope,
        paired_return_squares - slope * product as residual_squares,
    from sums
)

select
    subject_key,
    return_observations,
    paired_observations,
    k as return_sessions,
    paired_k as paired_sessions,
    rr as raw_return_squares,
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
    slope,
    residual_squares,
    -- a difference keeps its digits where it is no small part of what it is a difference of
    return_squares > 1e-7 and return_squares > 1e-4 * rr
    and (
        paired_observations = 0
        or coalesce(
            benchmark_squares > 1e-7 and benchmark_squares > 1e-4 * bb
            and residual_squares > 1e-7 and residual_squares > 1e-4 * paired_rr
            and difference_squares > 1e-7 and difference_squares > 1e-4 * (paired_rr + bb),
            false
        )
    ) as is_exact,
from centred
