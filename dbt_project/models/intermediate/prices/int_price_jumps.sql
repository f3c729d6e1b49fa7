{{ config(materialized='incremental') }}

with faults as (
    {{ touched_rows('int_bar_faults') }}
),

bars as (
    select * from faults
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
        symbol,
        session_date,
        close,
        close * volume as turnover,
        lag(close) over by_session as previous_close,
        session_index - lag(session_index) over by_session as sessions_since,
        median(close * volume) over (
            partition by symbol
            order by session_date
            rows between 20 preceding and 1 preceding
        ) as usual_turnover,
    from bars
    window by_session as (partition by symbol order by session_date)
),

with_ratio as (
    select
        *,
        greatest(close / previous_close, previous_close / close) as ratio,
    from with_previous
),

-- a missed split lies near 2 or a larger whole number, give or take the day's own move, and trades
-- as usual; a real crash trades many times the usual turnover; over a long gap a ratio says nothing
jumps as (
    select *
    from with_ratio
    where
        round(ratio) >= 2
        and abs(ratio - round(ratio)) <= 0.05 * ratio
        and sessions_since <= 20
        and not coalesce(turnover > 0 and turnover >= 3 * usual_turnover, false)
)

select
    jumps.symbol,
    jumps.session_date,
    jumps.ratio,
    ln(jumps.close / jumps.previous_close) as log_jump,
    coalesce(abs(cited.cited_close / jumps.close - 1.0) < 0.005, false) as is_cited,
from jumps
left join cited
    on
        jumps.symbol = cited.symbol
        and jumps.session_date = cited.session_date
