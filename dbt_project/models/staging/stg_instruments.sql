with instruments as (
    {{ latest_snapshot('instruments') }}
)

select
    symbol,
    name,
    issuer,
    kind,
    mic,
    currency,
    benchmark_symbol,
from instruments
