-- First pass over the estimation windows: the means per session and a slope that need not have all
-- its digits yet. Whole blocks come as their sums, the ragged ends row by row.
with subjects as (
    select
        *,
        (estimation_first_index + 31) // 32 as first_block,
        (estimation_last_index + 1) // 32 as block_after,
    from {{ ref('int_study_subjects') }}
    where day_0_session_index is not null and instrument_key is not null
),

whole as (
    select
        subject_key,
        instrument_key,
        return_type,
        unnest(range(first_block, block_after)) as block,
    from subjects
),

ends as (
    select
        subject_key,
        instrument_key,
        return_type,
        estimation_first_index,
        estimation_last_index,
        first_block,
        block_after,
        unnest(list_distinct([estimation_first_index // 32, estimation_last_index // 32])) as block,
    from subjects
),

pieces as (
    select
        whole.subject_key,
        blocks.r,
        blocks.k,
        blocks.paired_r,
        blocks.paired_k,
        blocks.b,
        blocks.bb,
        blocks.rb,
    from {{ ref('int_return_blocks') }} as blocks
    inner join whole
        on
            blocks.instrument_key = whole.instrument_key
            and blocks.block = whole.block
            and blocks.return_type = whole.return_type
    union all
    select
        subject_key,
        r,
        k,
        case when b is not null then r end as paired_r,
        case when b is not null then k end as paired_k,
        b,
        b * b / k as bb,
        r * b / k as rb,
    from (
        select
            buckets.subject_key,
            cast(returns.sessions_spanned as double) as k,
            {{ return_of_study('') }} as r,
            {{ return_of_study('benchmark_') }} as b,
        from {{ ref('int_paired_returns') }} as returns
        inner join ends as buckets
            on
                returns.instrument_key = buckets.instrument_key
                and returns.session_index // 32 = buckets.block
        where
            returns.session_index between
            buckets.estimation_first_index and buckets.estimation_last_index
            and (
                returns.session_index < buckets.first_block * 32
                or returns.session_index >= buckets.block_after * 32
            )
    )
)

select
    subject_key,
    sum(r) / sum(k) as drafted_return_mean,
    sum(paired_r) / sum(paired_k) as drafted_paired_mean,
    sum(b) / sum(paired_k) as drafted_benchmark_mean,
    coalesce(
        (sum(rb) - sum(paired_r) * sum(b) / sum(paired_k))
        / nullif(sum(bb) - sum(b) * sum(b) / sum(paired_k), 0),
        0.0
    ) as drafted_slope,
from pieces
group by subject_key
