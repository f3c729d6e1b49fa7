with factor_returns as (
    {{ latest_snapshot('factor_returns') }}
)

select
    factor,
    session_date,
    value,
from factor_returns
