{{ config(materialized='view') }}

with prices as (
    select * from {{ ref('int_prices') }}
    where kind = 'rate' and regexp_matches(symbol, '^[A-Z]{3}USD=X$')
),

quoted as (
    select
        left(symbol, 3) as currency,
        session_date,
        close as usd,
        lag(close) over by_day as previous_usd,
        lag(session_date) over by_day as previous_rate_date,
    from prices
    window by_day as (partition by symbol order by session_date)
)

select
    currency,
    session_date,
    usd,
    previous_usd,
    previous_rate_date,
from quoted
