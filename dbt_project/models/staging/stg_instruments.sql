with instruments as (
    {{ latest_snapshot('instruments') }}
)

select
    -- unique within a snapshot and narrow: joins carry it millions of times
    line_number as instrument_key,
    symbol,
    name,
    issuer,
    kind,
    mic,
    currency,
    benchmark_symbol,
from instruments
