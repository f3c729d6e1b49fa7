{{ config(materialized='incremental') }}

with prices as (
    {{ touched_rows('int_prices') }}
),

dividends as (select * from {{ ref('int_dividends') }}),

with_previous as (
    select
        prices.*,
        coalesce(dividends.dividend, 0.0) as dividend,
        lag(prices.close) over by_session as previous_close,
        lag(prices.session_date) over by_session as previous_session_date,
        lag(prices.session_index) over by_session as previous_session_index,
        lag(prices.price_source) over by_session as previous_price_source,
    from prices
    left join dividends
        on
            prices.symbol = dividends.symbol
            and prices.session_date = dividends.session_date
    window by_session as (partition by prices.symbol order by prices.session_index)
)

select
    symbol,
    mic,
    kind,
    session_date,
    session_index,
    open,
    high,
    low,
    close,
    volume,
    currency,
    dividend,
    price_source,
    snapshot,
    correction_citation,
    previous_close,
    previous_session_date,
    previous_price_source,
    session_index - previous_session_index as sessions_spanned,
    close / previous_close - 1.0 as move,
    (close + dividend) / previous_close - 1.0 as simple_return,
    ln((close + dividend) / previous_close) as log_return,
    price_source = 'correction' or coalesce(previous_price_source = 'correction', false)
        as rests_on_correction,
from with_previous
