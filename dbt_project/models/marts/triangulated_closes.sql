with triangulated as (select * from {{ ref('int_triangulated_closes') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

prices as (select * from {{ ref('int_prices') }}),

quality as (select * from {{ ref('int_bar_quality') }})

select
    triangulated.symbol || '|' || triangulated.close_session_date as triangulated_close_id,
    triangulated.symbol,
    triangulated.close_session_date,
    triangulated.session_date as claimed_session_date,
    instruments.currency,
    triangulated.implied_low as implied_low_close,
    triangulated.implied_high as implied_high_close,
    triangulated.is_contested,
    cast(triangulated.pairs as integer) as pairs,
    cast(triangulated.agreeing_pairs as integer) as agreeing_pairs,
    cast(triangulated.claims as integer) as claims,
    cast(triangulated.articles as integer) as articles,
    cast(triangulated.agreeing_articles as integer) as agreeing_articles,
    triangulated.outlying_articles,
    coalesce(quality.quality, 'missing') as bar_quality,
    quality.close as served_close,
    quality.close >= triangulated.implied_low and quality.close < triangulated.implied_high
        as is_served_close_inside,
    prices.close as used_close,
    coalesce(prices.price_source, 'none') as used_close_source,
    prices.close >= triangulated.implied_low and prices.close < triangulated.implied_high
        as is_used_close_inside,
from triangulated
inner join instruments on triangulated.symbol = instruments.symbol
left join quality
    on
        triangulated.symbol = quality.symbol
        and triangulated.close_session_date = quality.session_date
left join prices
    on
        triangulated.symbol = prices.symbol
        and triangulated.close_session_date = prices.session_date
