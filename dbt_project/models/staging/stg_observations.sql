with observations as (
    {{ latest_snapshot('observations') }}
)

select
    symbol,
    observed_at,
    kind,
    value,
    unit,
    source,
from observations
