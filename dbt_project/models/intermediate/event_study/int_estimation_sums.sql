-- noqa: disable=LT02,LT05,RF02
-- The sums are listed by a loop, whose layout the linter cannot judge, and `exclude` is no reference.
-- Sums over the estimation windows: whole blocks come as their sums, the ragged ends row by row.
with subjects as (
    select
        *,
        (estimation_first_index + 31) // 32 as first_block,
        (estimation_last_index + 1) // 32 as block_after,
    from {{ ref('int_touched_subjects') }}
    where day_0_session_index is not null and instrument_key is not null
),

whole as (
    select
        subject_key,
        instrument_key,
        is_log,
        unnest(range(first_block, block_after)) as block,
    from subjects
),

ends as (
    select
        subject_key,
        instrument_key,
        is_log,
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
        blocks.* exclude (instrument_key, is_log, block),
    from {{ ref('int_return_blocks') }} as blocks
    inner join whole
        on
            blocks.instrument_key = whole.instrument_key
            and blocks.block = whole.block
            and blocks.is_log = whole.is_log
    union all by name
    select
        buckets.subject_key,
        1 as return_observations,
        if({{ return_of_study('benchmark_') }} is null, 0, 1) as paired_observations,
        returns.session_date as first_session_date,
        returns.session_date as last_session_date,
        returns.rests_on_correction,
        {{ weighted_returns() }},
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

select
    subject_key,
    cast(sum(return_observations) as bigint) as return_observations,
    cast(sum(paired_observations) as bigint) as paired_observations,
    min(first_session_date) as estimation_first_session_date,
    max(last_session_date) as estimation_last_session_date,
    bool_or(rests_on_correction) as rests_on_correction,
    {%- for column in weighted_columns() %}
    {{ 'sum(' ~ column ~ ')' if column in ('k', 'paired_k') else order_free_sum(column) }} as {{ column }},
    {%- endfor %}
from pieces
group by subject_key
