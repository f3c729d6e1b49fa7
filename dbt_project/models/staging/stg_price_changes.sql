{{ config(materialized='table') }}

with instruments as (select * from {{ ref('stg_instruments') }}),

bars as (select * from {{ ref('stg_daily_bars') }}),

changed_bars as (select * from {{ ref('stg_changed_bars') }}),

changed_actions as (
    {{ newly_landed('corporate_actions') }}
),

changed_instruments as (
    {{ snapshot_changes(
        'instruments', 'symbol, line_number, kind, mic, currency, benchmark_symbol'
    ) }}
),

changed_sessions as (
    {{ snapshot_changes('trading_sessions', 'mic, session_date, closes_at') }}
),

changed_corrections as (
    {{ snapshot_changes(
        'price_corrections', 'symbol, session_date, field, value, currency, citation'
    ) }}
),

-- a session more gives those after it another number; one that went, or that closes at another
-- time, can have been the last to count in the span of an instrument
calendars as (
    select
        mic,
        min(if(is_gone, {{ beginning() }}, session_date)) as session_date,
    from changed_sessions
    group by mic
),

changes as (
    select
        symbol,
        'daily_bars' as source,
        from_session_date as session_date,
    from changed_bars
    union all
    select
        symbol,
        'corporate_actions' as source,
        ex_date as session_date,
    from changed_actions
    union all
    select
        symbol,
        'instruments' as source,
        {{ beginning() }} as session_date,
    from changed_instruments
    union all
    select
        symbol,
        'price_corrections' as source,
        session_date,
    from changed_corrections
    union all
    -- a calendar is extended years ahead of any bar
    select
        instruments.symbol,
        'trading_sessions' as source,
        calendars.session_date,
    from calendars
    inner join instruments on calendars.mic = instruments.mic
    inner join bars
        on
            instruments.symbol = bars.symbol
            and calendars.session_date <= bars.session_date
)

select
    symbol,
    source,
    min(session_date) as session_date,
from changes
group by symbol, source
