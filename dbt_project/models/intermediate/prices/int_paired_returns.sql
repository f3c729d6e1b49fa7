with returns as (select * from {{ ref('int_returns') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

-- total-return index of each benchmark: trade to trade, its return over any span is one division
benchmark_levels as (
    select
        symbol,
        session_date,
        price_source = 'correction' as is_corrected,
        sum(coalesce(log_return, 0.0)) over (
            partition by symbol
            order by session_index
        ) as log_level,
    from returns
),

benchmarked as (
    select
        returns.*,
        instruments.benchmark_symbol,
        level_now.log_level - level_before.log_level as benchmark_log_return,
        coalesce(level_now.is_corrected or level_before.is_corrected, false)
            as benchmark_rests_on_correction,
    from returns
    inner join instruments on returns.symbol = instruments.symbol
    left join benchmark_levels as level_now
        on
            instruments.benchmark_symbol = level_now.symbol
            and returns.session_date = level_now.session_date
    left join benchmark_levels as level_before
        on
            instruments.benchmark_symbol = level_before.symbol
            and returns.previous_session_date = level_before.session_date
    where returns.previous_close is not null
)

select
    symbol,
    mic,
    session_date,
    session_index,
    sessions_spanned,
    benchmark_symbol,
    simple_return,
    log_return,
    benchmark_log_return,
    exp(benchmark_log_return) - 1.0 as benchmark_simple_return,
    rests_on_correction or benchmark_rests_on_correction as rests_on_correction,
from benchmarked
