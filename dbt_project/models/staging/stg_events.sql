with events as (
    {{ latest_snapshot('events') }}
)

select
    event_id,
    name,
    announced_at,
    studies,
    source,
    note,
from events
