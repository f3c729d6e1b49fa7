{{ config(materialized='incremental') }}

with quality as (
    {{ touched_rows('int_bar_quality') }}
),

returns as (select * from {{ ref('int_returns') }})

select
    quality.symbol || '|' || quality.session_date as daily_return_id,
    quality.symbol,
    quality.mic,
    quality.session_date,
    quality.session_index,
    quality.currency,
    returns.open,
    returns.high,
    returns.low,
    returns.close,
    try_cast(returns.volume as bigint) as volume_shares,
    returns.previous_close,
    returns.previous_session_date,
    cast(returns.sessions_spanned as integer) as sessions_spanned,
    100 * returns.move as move_pct,
    100 * returns.simple_return as total_return_pct,
    100 * returns.log_return as log_return_pct,
    returns.dividend,
    quality.quality,
    coalesce(returns.price_source, 'none') as price_source,
    coalesce(returns.rests_on_correction, false) as rests_on_correction,
from quality
left join returns
    on
        quality.symbol = returns.symbol
        and quality.session_date = returns.session_date
