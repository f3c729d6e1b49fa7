with event_sessions as (select * from {{ ref('int_event_sessions') }}),

exchanges as (select * from {{ ref('stg_exchanges') }}),

worded as (
    select
        *,
        strftime(day_before_closes_at, '%Y-%m-%d %H:%M') as closed_from,
        strftime(day_0_opens_at, '%Y-%m-%d %H:%M') as opened_at,
    from event_sessions
)

select
    worded.event_id || '|' || worded.mic as event_session_id,
    worded.event_id,
    worded.mic,
    exchanges.name as exchange_name,
    worded.announced_at,
    worded.day_0_session_date,
    worded.day_0_session_index,
    worded.day_0_opens_at,
    worded.day_0_closes_at,
    worded.is_early_close_day_0,
    worded.day_before_session_date,
    worded.days_after_announcement,
    'the first close after the news is that of ' || worded.day_0_session_date
    || case
        when worded.is_before_open
            then
                ': announced while the exchange was closed, from ' || worded.closed_from
                || ' to ' || worded.opened_at || ' UTC'
        else ': announced during the session that opened at ' || worded.opened_at || ' UTC'
    end as reason,
from worded
inner join exchanges on worded.mic = exchanges.mic
