with sessions as (select * from {{ ref('int_trading_sessions') }})

select
    mic || '|' || session_date as trading_session_id,
    mic,
    session_date,
    session_index,
    opens_at,
    closes_at,
    is_early_close,
    previous_session_date,
    next_session_date,
from sessions
