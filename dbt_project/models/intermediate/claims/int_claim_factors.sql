with claims as (
    select * from {{ ref('int_claims') }}
    where
        measure in ('market_value_change', 'market_value_level', 'price_change', 'price_level')
        and (unit = 'point' or length(unit) = 3)
),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

shares as (
    select * from {{ ref('int_observations') }}
    where kind = 'shares_outstanding'
),

usd_rates as (select * from {{ ref('int_usd_rates') }}),

-- a figure in points is one in the index's own quotes; a share has no points
paired as (
    select
        claims.claim_id,
        claims.symbol,
        claims.measure,
        claims.session_date,
        upper(claim_sessions.currency) as quote_currency,
        case
            when claims.unit <> 'point' then upper(claims.unit)
            when claim_sessions.kind = 'index' then upper(claim_sessions.currency)
        end as stated_currency,
        if(claim_sessions.currency = 'GBp', 0.01, 1.0) as quote_size,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
),

-- quote currency for one unit of the stated one, by the day's reference rate and the one before
rated as (
    select
        paired.*,
        if(stated_currency = 'USD', 1.0, stated_rates.usd)
        / if(quote_currency = 'USD', 1.0, quote_rates.usd) as rate_of_day,
        if(stated_currency = 'USD', 1.0, stated_rates.previous_usd)
        / if(quote_currency = 'USD', 1.0, quote_rates.previous_usd) as rate_before,
        coalesce(stated_rates.previous_rate_date, quote_rates.previous_rate_date)
            as rate_before_date,
    from paired
    left join usd_rates as stated_rates
        on
            paired.stated_currency = stated_rates.currency
            and paired.session_date = stated_rates.session_date
    left join usd_rates as quote_rates
        on
            paired.quote_currency = quote_rates.currency
            and paired.session_date = quote_rates.session_date
)

select
    rated.claim_id,
    rated.quote_currency,
    rated.stated_currency,
    rated.stated_currency <> rated.quote_currency as is_converted,
    -- a share's change is quoted in one currency; an amount of money and a level can be converted
    case
        when rated.stated_currency = rated.quote_currency then 1.0
        when rated.measure <> 'price_change' then rated.rate_of_day
    end as rate_of_day,
    case
        when rated.stated_currency = rated.quote_currency then 1.0
        when rated.measure <> 'price_change' then rated.rate_before
    end as rate_before,
    if(rated.stated_currency <> rated.quote_currency, rated.rate_before_date, null)
        as rate_before_date,
    if(starts_with(rated.measure, 'market_value'), shares.value, null) as shares_outstanding,
    if(starts_with(rated.measure, 'market_value'), shares.observed_on, null) as shares_observed_on,
    rated.quote_size * if(starts_with(rated.measure, 'market_value'), shares.value, 1.0)
        as stated_units_per_price,
from rated
asof left join shares
    on
        rated.symbol = shares.symbol
        and rated.session_date >= shares.observed_on
