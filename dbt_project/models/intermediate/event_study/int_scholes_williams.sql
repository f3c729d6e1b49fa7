-- Slope on a benchmark that trades at other times than the instrument: Scholes and Williams (1977),
-- Journal of Financial Economics 5, 309-327. It needs returns over one session
-- with one before and one after.
with studies as (
    select study_id from {{ ref('int_study_models') }}
    where model = 'scholes_williams'
),

asked as (
    select buckets.*
    from {{ ref('int_subject_buckets') }} as buckets
    inner join {{ ref('int_touched_subjects') }} as subjects
        on buckets.subject_key = subjects.subject_key
    inner join studies on subjects.study_id = studies.study_id
),

triples as (
    select * from ({{ estimation_returns('asked') }})
    where
        k = 1
        -- the one before may lie a session outside the window
        and coalesce(previous_sessions_spanned, 0) = 1
        and previous_b is not null
        and b is not null
        and next_b is not null
),

summed as (
    select
        subject_key,
        count(*) as n,
        {{ order_free_sum('r') }} / n as r,
        {{ order_free_sum('b') }} / n as b,
        {{ order_free_sum('previous_b') }} / n as previous_b,
        {{ order_free_sum('next_b') }} / n as next_b,
        {{ order_free_sum('r * b') }} / n as rb,
        {{ order_free_sum('r * previous_b') }} / n as r_previous_b,
        {{ order_free_sum('r * next_b') }} / n as r_next_b,
        {{ order_free_sum('b * b') }} / n as bb,
        {{ order_free_sum('previous_b * previous_b') }} / n as previous_bb,
        {{ order_free_sum('next_b * next_b') }} / n as next_bb,
        {{ order_free_sum('b * previous_b') }} / n as b_previous_b,
    from triples
    group by subject_key
),

-- what is left of a benchmark that stands still is rounding
varied as (
    select
        *,
        case when bb - b * b > 1e-12 * bb then bb - b * b end as variance_same,
        case
            when previous_bb - previous_b * previous_b > 1e-12 * previous_bb
                then previous_bb - previous_b * previous_b
        end as variance_before,
        case
            when next_bb - next_b * next_b > 1e-12 * next_bb then next_bb - next_b * next_b
        end as variance_after,
    from summed
),

slopes as (
    select
        subject_key,
        n,
        (r_previous_b - r * previous_b) / variance_before as slope_before,
        (rb - r * b) / variance_same as slope_same,
        (r_next_b - r * next_b) / variance_after as slope_after,
        (b_previous_b - b * previous_b) / sqrt(variance_same * variance_before)
            as benchmark_autocorrelation,
    from varied
)

select
    subject_key,
    n as triples,
    benchmark_autocorrelation,
    case
        when abs(1.0 + 2.0 * benchmark_autocorrelation) > 1e-9
            then
                (slope_before + slope_same + slope_after)
                / (1.0 + 2.0 * benchmark_autocorrelation)
    end as slope,
from slopes
