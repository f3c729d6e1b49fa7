with trading_sessions as (
    {{ latest_snapshot('trading_sessions') }}
)

select
    mic,
    session_date,
    opens_at,
    closes_at,
    is_early_close,
from trading_sessions
