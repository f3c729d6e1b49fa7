with events as (select * from {{ ref('stg_events') }}),

-- an open calendar is not an exchange: reference rates have no day 0
exchanges as (
    select * from {{ ref('stg_exchanges') }}
    where mic <> 'XXXX'
),

sessions as (select * from {{ ref('int_trading_sessions') }}),

listed as (
    select
        events.event_id,
        events.announced_at,
        exchanges.mic,
    from events
    cross join exchanges
)

select
    listed.event_id,
    listed.mic,
    listed.announced_at,
    sessions.session_date as day_0_session_date,
    sessions.session_index as day_0_session_index,
    sessions.opens_at as day_0_opens_at,
    sessions.closes_at as day_0_closes_at,
    sessions.is_early_close as is_early_close_day_0,
    sessions.previous_session_date as day_before_session_date,
    sessions.previous_closes_at as day_before_closes_at,
    date_diff('day', cast(listed.announced_at as date), sessions.session_date)
        as days_after_announcement,
    listed.announced_at < sessions.opens_at as is_before_open,
from listed
-- the first close after the news is the first price that can hold it
asof inner join sessions
    on
        listed.mic = sessions.mic
        and listed.announced_at < sessions.closes_at
-- before the first known close nobody can tell whether an earlier session came in between
where listed.announced_at >= sessions.previous_closes_at
