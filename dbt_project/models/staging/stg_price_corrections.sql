with price_corrections as (
    {{ latest_snapshot('price_corrections') }}
)

select
    symbol,
    session_date,
    field,
    value,
    currency,
    citation,
from price_corrections
