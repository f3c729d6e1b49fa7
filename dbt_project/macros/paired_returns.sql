{# The returns of the instruments beside those of their benchmarks: of all of them, or in a continued
   build of the touched ones, with what lies before them as far as it is read. #}
{% macro paired_returns(is_continued) -%}
with returns as (
    {{ touched_rows('int_returns', 'int_touched_returns', is_continued) }}
),

instruments as (select * from {{ ref('stg_instruments') }}),

-- total-return index of each benchmark: trade to trade, its return over any span is one division.
-- Its logarithm is added up in decimals, which is exact: the return over a span is the same
-- whatever came before the span, and from whichever session the sum began.
benchmark_levels as (
    select
        symbol,
        session_date,
        price_source = 'correction' as is_corrected,
        sum(cast(coalesce(log_return, 0.0) as decimal(38, 20))) over (
            partition by symbol
            order by session_index
        ) as log_level,
    from {{ ref('int_returns') }}
    where
        symbol in (select instruments.benchmark_symbol from instruments)
        {%- if is_continued %}
            and session_date >= {{ first_day_read('int_touched_returns') }}
        {%- endif %}
),

benchmarked as (
    select
        returns.*,
        instruments.instrument_key,
        instruments.benchmark_symbol,
        cast(level_now.log_level - level_before.log_level as double) as benchmark_log_return,
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
),

-- the return before ends where this one begins; the one after must not leave a gap
with_neighbours as (
    select
        *,
        lag(simple_return) over by_session as previous_simple_return,
        lag(log_return) over by_session as previous_log_return,
        lag(benchmark_log_return) over by_session as previous_benchmark_log_return,
        lag(sessions_spanned) over by_session as previous_sessions_spanned,
        case
            when lead(sessions_spanned) over by_session = 1
                then lead(benchmark_log_return) over by_session
        end as next_benchmark_log_return,
    from benchmarked
    window by_session as (partition by symbol order by session_index)
)

select
    instrument_key,
    symbol,
    mic,
    session_date,
    session_index,
    previous_session_date,
    sessions_spanned,
    benchmark_symbol,
    simple_return,
    log_return,
    benchmark_log_return,
    exp(benchmark_log_return) - 1.0 as benchmark_simple_return,
    previous_sessions_spanned,
    previous_simple_return,
    previous_log_return,
    previous_benchmark_log_return,
    exp(previous_benchmark_log_return) - 1.0 as previous_benchmark_simple_return,
    next_benchmark_log_return,
    exp(next_benchmark_log_return) - 1.0 as next_benchmark_simple_return,
    rests_on_correction or benchmark_rests_on_correction as rests_on_correction,
from with_neighbours
{%- endmacro %}
