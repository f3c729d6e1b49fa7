with versions as (

    select * from {{ ref('stg_daily_bar_versions') }}

),

unpivoted as (

    select
        symbol,
        session_date,
        fetched_at,
        provider,
        field,
        value,
    from versions
    unpivot include nulls (value for field in (open, high, low, close, volume))

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
    old_fetched_at is not null
    and old_fetched_at < new_fetched_at
    and new_value is distinct from old_value
    -- dividing by a split and rounding to a tick is no new information
    and coalesce(abs(new_value - old_value) > 1e-9 * abs(old_value), true)
