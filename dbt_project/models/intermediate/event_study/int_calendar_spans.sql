{{ config(materialized='view') }}

-- From when to when the calendar of each exchange is known; an open one is no exchange.
select
    mic,
    min(session_date) as calendar_first_session_date,
    max(session_date) as calendar_last_session_date,
from {{ ref('int_trading_sessions') }}
where mic <> 'XXXX'
group by mic
