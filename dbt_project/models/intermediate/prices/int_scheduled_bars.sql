{{ config(materialized='incremental') }}

with instruments as (select * from {{ ref('stg_instruments') }}),

bars as (
    {{ touched_rows('stg_daily_bars') }}
),

sessions as (select * from {{ ref('int_trading_sessions') }}),

-- a bar with a wrong date must not stretch the span, or every session on the way there is missing;
-- reference rates are published when they are published: no session of theirs can be missing
spans as (
    select
        instruments.symbol,
        instruments.mic,
        min(sessions.session_date) as first_session_date,
        max(sessions.session_date) as last_session_date,
    from instruments
    inner join bars on instruments.symbol = bars.symbol
    inner join sessions
        on
            instruments.mic = sessions.mic
            and bars.session_date = sessions.session_date
            and bars.fetched_at >= sessions.closes_at
    where instruments.kind <> 'rate'
    group by instruments.symbol, instruments.mic
),

scheduled as (
    select
        spans.symbol,
        sessions.session_date,
    from spans
    inner join sessions
        on
            spans.mic = sessions.mic
            and sessions.session_date between spans.first_session_date and spans.last_session_date
),

every_session as (
    select
        symbol,
        session_date,
    from scheduled
    union
    select
        symbol,
        session_date,
    from bars
)

-- bars of a symbol that is no instrument end here; price_incidents lists them
select
    every_session.symbol,
    instruments.mic,
    instruments.kind,
    every_session.session_date,
    sessions.session_index,
    sessions.closes_at,
    bars.open,
    bars.high,
    bars.low,
    bars.close,
    bars.volume,
    instruments.currency,
    bars.currency as served_currency,
    bars.fetched_at,
    bars.provider,
    bars.snapshot,
    coalesce(bars.copies, 0) as copies,
    coalesce(bars.variants, 0) as variants,
    bars.lowest_close,
    bars.highest_close,
from every_session
inner join instruments on every_session.symbol = instruments.symbol
left join bars
    on
        every_session.symbol = bars.symbol
        and every_session.session_date = bars.session_date
left join sessions
    on
        instruments.mic = sessions.mic
        and every_session.session_date = sessions.session_date
