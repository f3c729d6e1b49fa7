with events as (select * from {{ ref('stg_events') }}),

event_instruments as (
    select
        event_id,
        count(*) as instruments,
    from {{ ref('stg_event_instruments') }}
    group by event_id
)

select
    events.event_id,
    events.name,
    events.announced_at,
    events.studies,
    events.source,
    events.note,
    coalesce(event_instruments.instruments, 0) as instruments,
from events
left join event_instruments on events.event_id = event_instruments.event_id
