with claims as (select * from {{ ref('int_claims') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

prices as (select * from {{ ref('int_prices') }}),

quality as (select * from {{ ref('int_bar_quality') }})

-- strictly the sessions one and two before, whether they are usable or not: a claim about a day is
-- never answered with a return that spans a gap
select
    claims.claim_id,
    claims.symbol,
    instruments.issuer,
    instruments.kind,
    instruments.mic,
    coalesce(day_of.currency, instruments.currency) as currency,
    claims.session_date,
    sessions.session_index,
    day_of.open,
    day_of.high,
    day_of.low,
    day_of.close,
    day_of.price_source as close_source,
    day_of.correction_citation as close_citation,
    day_of.snapshot,
    greatest(quality_of.fetched_at, quality_before.fetched_at) as prices_fetched_at,
    quality_of.quality as close_quality,
    sessions.previous_session_date as scheduled_previous_session_date,
    before.session_date as previous_session_date,
    before.close as previous_close,
    before.price_source as previous_close_source,
    before.correction_citation as previous_close_citation,
    quality_before.quality as previous_close_quality,
    two_before.session_date as second_previous_session_date,
    two_before.close as second_previous_close,
    two_before.correction_citation as second_previous_close_citation,
    spanning.close as last_good_close,
    spanning.session_date as last_good_session_date,
from claims
inner join instruments on claims.symbol = instruments.symbol
left join sessions
    on
        instruments.mic = sessions.mic
        and claims.session_date = sessions.session_date
left join prices as day_of
    on
        claims.symbol = day_of.symbol
        and sessions.session_index = day_of.session_index
left join prices as before
    on
        claims.symbol = before.symbol
        and sessions.session_index - 1 = before.session_index
left join prices as two_before
    on
        claims.symbol = two_before.symbol
        and sessions.session_index - 2 = two_before.session_index
left join quality as quality_of
    on
        claims.symbol = quality_of.symbol
        and sessions.session_index = quality_of.session_index
left join quality as quality_before
    on
        claims.symbol = quality_before.symbol
        and sessions.session_index - 1 = quality_before.session_index
asof left join prices as spanning
    on
        claims.symbol = spanning.symbol
        and claims.session_date > spanning.session_date
