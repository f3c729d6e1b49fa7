with instruments as (select * from {{ ref('stg_instruments') }}),

exchanges as (select * from {{ ref('stg_exchanges') }}),

prices as (
    select
        symbol,
        min(session_date) as first_session_date,
        max(session_date) as last_session_date,
        count(*) as usable_bars,
    from {{ ref('int_prices') }}
    group by symbol
)

select
    instruments.symbol,
    instruments.name,
    instruments.issuer,
    instruments.kind,
    instruments.mic,
    exchanges.name as exchange_name,
    instruments.currency,
    instruments.benchmark_symbol,
    prices.first_session_date,
    prices.last_session_date,
    coalesce(prices.usable_bars, 0) as usable_bars,
from instruments
left join exchanges on instruments.mic = exchanges.mic
left join prices on instruments.symbol = prices.symbol
