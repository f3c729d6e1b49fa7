{{ config(materialized='incremental') }}

with actions as (select * from {{ ref('stg_corporate_actions') }}),

prices as (
    select
        symbol,
        session_date,
        min(session_date) over (partition by symbol) as first_session_date,
    from ({{ touched_rows('int_prices') }})
),

-- like a bar, a dividend reflects the splits that were effective when it was fetched
dividends as (
    select
        paid.symbol,
        paid.ex_date,
        any_value(paid.value) / coalesce(product(split.value order by split.ex_date), 1.0) as value,
    from actions as paid
    left join actions as split
        on
            paid.symbol = split.symbol
            and split.kind = 'split'
            and split.value > 0
            and paid.ex_date < split.ex_date
            and cast(paid.fetched_at as date) < split.ex_date
    where paid.kind = 'dividend' and paid.value > 0
    group by paid.symbol, paid.ex_date
),

-- paid to whoever held into the first usable session on or after the ex-date
placed as (
    select
        dividends.symbol,
        dividends.ex_date,
        dividends.value,
        prices.session_date,
        prices.first_session_date,
    from dividends
    asof inner join prices
        on
            dividends.symbol = prices.symbol
            and dividends.ex_date <= prices.session_date
)

select
    symbol,
    session_date,
    sum(value order by ex_date) as dividend,
from placed
where ex_date >= first_session_date
group by symbol, session_date
