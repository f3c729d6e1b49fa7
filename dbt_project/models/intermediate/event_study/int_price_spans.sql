-- From when to when there are usable bars of each instrument.
select
    symbol,
    min(session_index) as first_index,
    max(session_index) as last_index,
    min(session_date) as first_session_date,
    max(session_date) as last_session_date,
from {{ ref('int_prices') }}
group by symbol
