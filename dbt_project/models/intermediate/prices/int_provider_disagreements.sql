{{ config(materialized='incremental', meta={'touched': 'stg_changed_bars'}) }}

with versions as (
    {{ changed_bar_versions() }}
),

-- most bars have one provider, and those need not be looked at again
shared as (
    select
        symbol,
        session_date,
    from versions
    group by symbol, session_date
    having min(provider) < max(provider)
),

-- what a provider has corrected itself is a restatement and no disagreement
newest as (
    select versions.*
    from versions
    inner join shared
        on
            versions.symbol = shared.symbol
            and versions.session_date = shared.session_date
    qualify
        row_number() over (
            partition by versions.symbol, versions.session_date, versions.provider
            order by versions.fetched_at desc, versions.close asc
        ) = 1
),

unpivoted as (
    select
        symbol,
        session_date,
        provider,
        fetched_at,
        split_factor,
        unnest(['open', 'high', 'low', 'close']) as field,
        unnest([open, high, low, close]) as price,
    from newest
),

-- one provider's gap is no second opinion: only prices are compared
compared as (
    select
        symbol,
        session_date,
        field,
        min(price) as lowest,
        max(price) as highest,
        arg_min(provider, (price, provider)) as lowest_provider,
        arg_max(provider, (price, provider)) as highest_provider,
        100.0 * (max(price) / min(price) - 1.0) as difference_pct,
        -- single precision repeats a number to 2e-7 of itself; versions that owe different splits
        -- have been divided and rounded anew
        greatest(
            {{ var('provider_tolerance_pct') }},
            if(min(split_factor) = max(split_factor), 2e-5, 5e-2)
        ) as tolerance_pct,
    from unpivoted
    where price > 0
    group by symbol, session_date, field
),

-- one row for each bar: the field that is furthest apart
widest as (
    select *
    from compared
    where difference_pct > tolerance_pct
    qualify
        row_number() over (
            partition by symbol, session_date
            order by difference_pct desc, field asc
        ) = 1
),

fetched_last as (
    select *
    from newest
    qualify rank() over (partition by symbol, session_date order by fetched_at desc) = 1
),

-- as stg_daily_bars chooses
used as (
    select
        symbol,
        session_date,
        min(close) as close,
        min(provider) as provider,
        max(fetched_at) as fetched_at,
    from fetched_last
    group by symbol, session_date
)

select
    widest.symbol,
    widest.session_date,
    widest.field,
    widest.lowest,
    widest.lowest_provider,
    widest.highest,
    widest.highest_provider,
    widest.difference_pct,
    used.close,
    used.provider,
    used.fetched_at,
from widest
inner join used
    on
        widest.symbol = used.symbol
        and widest.session_date = used.session_date
