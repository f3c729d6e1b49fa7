{{ config(materialized='table') }}

with instruments as (select * from {{ ref('stg_instruments') }}),

touched_prices as (select * from {{ ref('int_touched_prices') }}),

prices as (select * from {{ ref('int_prices') }}),

-- a return is touched with its instrument's prices and with those of its benchmark
touches as (
    select
        instruments.symbol,
        min(touched_prices.from_session_date) as touched_from,
    from instruments
    inner join touched_prices
        on
            instruments.symbol = touched_prices.symbol
            or instruments.benchmark_symbol = touched_prices.symbol
    group by instruments.symbol
    union all
    select
        symbol,
        from_session_date as touched_from,
    from touched_prices
    where symbol not in (select instruments.symbol from instruments)
),

looked_back as (
    {{ look_back('touches', 'prices') }}
)

-- the last return before knows the one after it
select
    touches.symbol,
    coalesce(looked_back.last_session_date, {{ beginning() }}) as from_session_date,
    date '9999-12-31' as until_session_date,
    coalesce(looked_back.read_from_session_date, {{ beginning() }}) as read_from_session_date,
from touches
left join looked_back on touches.symbol = looked_back.symbol
