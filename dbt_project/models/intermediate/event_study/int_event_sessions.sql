with events as (

    select * from {{ ref('stg_events') }}

),

exchanges as (

    select * from {{ ref('stg_exchanges') }}

),

sessions as (

    select * from {{ ref('int_trading_sessions') }}

),

-- an open calendar is not an exchange: reference rates have no day 0
listed as (

    select
        events.event_id,
        events.announced_at,
        exchanges.mic,
    from events
    cross join exchanges
    where exchanges.mic <> 'XXXX'

),

-- the first close after the news is the first price that can hold it
reacting as (

    select
        listed.event_id,
        listed.announced_at,
        sessions.mic,
        sessions.session_date,
        sessions.session_index,
        sessions.opens_at,
        sessions.closes_at,
        sessions.is_early_close,
        sessions.previous_session_date,
        sessions.previous_closes_at,
    from listed
    asof inner join sessions
        on
            listed.mic = sessions.mic
            and listed.announced_at < sessions.closes_at

)

select
    event_id,
    mic,
    announced_at,
    session_date as day_0_session_date,
    session_index as day_0_session_index,
    opens_at as day_0_opens_at,
    closes_at as day_0_closes_at,
    is_early_close as is_early_close_day_0,
    previous_session_date as day_before_session_date,
    previous_closes_at as day_before_closes_at,
    date_diff('day', cast(announced_at as date), session_date) as days_after_announcement,
    announced_at < opens_at as is_before_open,
from reacting
-- before the first known close nobody can tell whether an earlier session came in between
where announced_at >= previous_closes_at
