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
    inner join {{ ref('int_study_subjects') }} as subjects
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

slopes as (
    select
        subject_key,
        count(*) as triples,
        covar_pop(r, previous_b) / nullif(var_pop(previous_b), 0) as slope_before,
        covar_pop(r, b) / nullif(var_pop(b), 0) as slope_same,
        covar_pop(r, next_b) / nullif(var_pop(next_b), 0) as slope_after,
        covar_pop(b, previous_b) / nullif(stddev_pop(b) * stddev_pop(previous_b), 0)
            as benchmark_autocorrelation,
    from triples
    group by subject_key
)

select
    subject_key,
    triples,
    benchmark_autocorrelation,
    case
        when abs(1.0 + 2.0 * benchmark_autocorrelation) > 1e-9
            then
                (slope_before + slope_same + slope_after)
                / (1.0 + 2.0 * benchmark_autocorrelation)
    end as slope,
from slopes
