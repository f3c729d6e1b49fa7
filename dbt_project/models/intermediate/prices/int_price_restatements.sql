{{ config(materialized='incremental', meta={'touched': 'stg_changed_bars'}) }}

with versions as (
    {{ changed_bar_versions() }}
),

-- most bars are fetched once, and those need not be sorted
refetched as (
    select
        symbol,
        session_date,
    from versions
    group by symbol, session_date
    having min(fetched_at) < max(fetched_at)
),

unpivoted as (
    select
        versions.symbol,
        versions.session_date,
        versions.fetched_at,
        versions.provider,
        versions.split_factor,
        unnest(['open', 'high', 'low', 'close', 'volume']) as field,
        unnest([versions.open, versions.high, versions.low, versions.close, versions.volume])
            as value,
    from versions
    inner join refetched
        on
            versions.symbol = refetched.symbol
            and versions.session_date = refetched.session_date
),

-- both versions are on today's split basis, so a split alone is no restatement
compared as (
    select
        symbol,
        session_date,
        field,
        lag(value) over versions_in_order as old_value,
        value as new_value,
        lag(fetched_at) over versions_in_order as old_fetched_at,
        fetched_at as new_fetched_at,
        lag(provider) over versions_in_order as old_provider,
        provider as new_provider,
        -- single precision repeats a number to 2e-7 of itself; after a split the provider divides
        -- and rounds anew
        abs(value) * if(split_factor = lag(split_factor) over versions_in_order, 2e-7, 5e-4)
            as noise,
    from unpivoted
    window versions_in_order as (
        partition by symbol, session_date, field
        order by fetched_at, value
    )
)

select
    symbol || '|' || session_date || '|' || field || '|' || epoch_us(new_fetched_at)
        as price_restatement_id,
    symbol,
    session_date,
    field,
    old_value,
    new_value,
    old_fetched_at,
    new_fetched_at,
    old_provider,
    new_provider,
from compared
where
    old_fetched_at < new_fetched_at
    and new_value is distinct from old_value
    and coalesce(abs(new_value - old_value) > noise, true)
