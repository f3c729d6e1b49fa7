{{ config(materialized='incremental') }}

with bars as (
    {{ touched_rows('int_bar_faults') }}
),

levels as (select * from {{ ref('int_price_levels') }}),

with_previous as (
    select
        bars.*,
        lag(if(bars.session_index is null, null, bars.close) ignore nulls) over (
            partition by bars.symbol
            order by bars.session_date
        ) as previous_served_close,
        if(bars.fault is null, levels.level_factor, null) as level_factor,
    from bars
    left join levels
        on
            bars.symbol = levels.symbol
            and bars.session_date >= levels.from_session_date
            and bars.session_date < levels.until_session_date
),

judged as (
    select
        *,
        case
            when fault is not null then fault
            -- nobody trades a reference rate, so that no volume says nothing about it
            when
                volume = 0
                and kind <> 'rate'
                and abs(close - previous_served_close) <= 2e-7 * close
                and coalesce(open, close) = close
                and coalesce(high, close) = close
                and coalesce(low, close) = close
                then 'stale'
            when level_factor is not null then 'suspected_split'
            else 'ok'
        end as quality,
    from with_previous
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
    previous_served_close,
    volume,
    currency,
    served_currency,
    quality,
    copies,
    variants,
    lowest_close,
    highest_close,
    level_factor,
    fetched_at,
    provider,
    snapshot,
from judged
