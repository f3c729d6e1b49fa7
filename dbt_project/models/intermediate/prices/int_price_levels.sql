{{ config(materialized='view') }}

with bars as (
    select * from {{ ref('int_bar_faults') }}
    where fault is null and kind in ('stock', 'etf')
),

cited as (
    select
        symbol,
        session_date,
        value as cited_close,
    from {{ ref('stg_price_corrections') }}
    where field = 'close'
),

with_previous as (
    select
        bars.symbol,
        bars.session_date,
        bars.close,
        bars.close * bars.volume as turnover,
        coalesce(abs(cited.cited_close / bars.close - 1.0) < 0.005, false) as is_cited,
        lag(bars.close) over by_session as previous_close,
        bars.session_index - lag(bars.session_index) over by_session as sessions_since,
        median(bars.close * bars.volume) over (
            partition by bars.symbol
            order by bars.session_date
            rows between 20 preceding and 1 preceding
        ) as usual_turnover,
    from bars
    left join cited
        on
            bars.symbol = cited.symbol
            and bars.session_date = cited.session_date
    window by_session as (partition by bars.symbol order by bars.session_date)
),

with_ratio as (
    select
        *,
        greatest(close / previous_close, previous_close / close) as ratio,
    from with_previous
),

-- a missed split lies near 2 or a larger whole number, give or take the day's own move, and trades
-- as usual; a real crash trades many times the usual turnover; over a long gap a ratio says nothing
with_jump as (
    select
        *,
        coalesce(
            round(ratio) >= 2
            and abs(ratio - round(ratio)) <= 0.05 * ratio
            and sessions_since <= 20
            and not coalesce(turnover > 0 and turnover >= 3 * usual_turnover, false),
            false
        ) as is_jump,
    from with_ratio
),

-- a missed split puts every later price off by its factor, not the first one alone: it ends with a
-- jump back, or with a cited close that says that the new level is real
with_offset as (
    select
        *,
        exp(abs(sum(if(is_jump and not is_cited, ln(close / previous_close), 0.0)) over (
            partition by symbol
            order by session_date
        ))) as offset_factor,
    from with_jump
)

select
    symbol,
    session_date,
    if(is_jump and is_cited, ratio, offset_factor) as level_factor,
    (is_jump and is_cited) or offset_factor > 1.5 as is_off_level,
from with_offset
