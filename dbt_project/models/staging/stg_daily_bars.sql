{{ config(materialized='incremental', meta={'touched': 'stg_changed_bars'}) }}

with versions as (
    {{ changed_bar_versions() }}
),

newest as (
    select *
    from versions
    qualify rank() over (partition by symbol, session_date order by fetched_at desc) = 1
),

-- one fetch may carry a session twice: the same bar again loses nothing, two bars that differ do
folded as (
    select
        symbol,
        session_date,
        min(open) as open,
        min(high) as high,
        min(low) as low,
        min(close) as close,
        min(volume) as volume,
        min(currency) as currency,
        max(fetched_at) as fetched_at,
        min(provider) as provider,
        min(snapshot) as snapshot,
        count(*) as copies,
        count(distinct row(open, high, low, close, volume, currency)) as variants,
        min(close) as lowest_close,
        max(close) as highest_close,
    from newest
    group by symbol, session_date
)

select
    symbol,
    session_date,
    open,
    high,
    low,
    close,
    volume,
    currency,
    fetched_at,
    provider,
    snapshot,
    copies,
    variants,
    lowest_close,
    highest_close,
from folded
