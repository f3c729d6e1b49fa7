with event_instruments as (
    {{ latest_snapshot('event_instruments') }}
)

select
    event_id,
    symbol,
    group_name,
from event_instruments
