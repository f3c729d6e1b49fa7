with exchanges as (
    {{ latest_snapshot('exchanges') }}
)

select
    mic,
    calendar,
    name,
    city,
from exchanges
