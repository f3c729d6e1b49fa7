-- Sums over each 32 sessions of an instrument: a window of 250 sessions is a handful of them and
-- two ragged ends. Each return is weighted by 1 / k (see int_estimation_moments).
with return_types as (
    select distinct return_type from {{ ref('int_study_subjects') }}
),

returns as (
    select
        buckets.return_type,
        returns.instrument_key,
        returns.session_index // 32 as block,
        cast(returns.sessions_spanned as double) as k,
        {{ return_of_study('') }} as r,
        {{ return_of_study('benchmark_') }} as b,
    from {{ ref('int_paired_returns') }} as returns
    cross join return_types as buckets
)

select
    instrument_key,
    return_type,
    cast(block as integer) as block,
    sum(r) as r,
    sum(k) as k,
    sum(case when b is not null then r end) as paired_r,
    sum(case when b is not null then k end) as paired_k,
    sum(b) as b,
    sum(b * b / k) as bb,
    sum(r * b / k) as rb,
from returns
group by instrument_key, return_type, block
