with event_sessions as (

    select * from {{ ref('int_event_sessions') }}

),

exchanges as (

    select * from {{ ref('stg_exchanges') }}

)

select
    event_sessions.event_id || '|' || event_sessions.mic as event_session_id,
    event_sessions.event_id,
    event_sessions.mic,
    exchanges.name as exchange_name,
    event_sessions.announced_at,
    event_sessions.day_0_session_date,
    event_sessions.day_0_session_index,
    event_sessions.day_0_opens_at,
    event_sessions.day_0_closes_at,
    event_sessions.is_early_close_day_0,
    event_sessions.day_before_session_date,
    event_sessions.days_after_announcement,
    'the first close after the news is that of ' || event_sessions.day_0_session_date
    || case
        when event_sessions.is_before_open then ', announced before it opened'
        else ', announced while it traded'
    end
    || case
        when event_sessions.days_after_announcement > 4 then '; the exchange was closed until then'
        else ''
    end as reason,
from event_sessions
inner join exchanges on event_sessions.mic = exchanges.mic
