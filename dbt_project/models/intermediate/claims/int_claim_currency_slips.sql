with missed as (
    select * from {{ ref('int_missed_claims') }}
    where period = 'session'
),

factors as (select * from {{ ref('int_claim_factors') }}),

usd_rates as (
    select
        currency,
        session_date,
        usd,
    from {{ ref('int_usd_rates') }}
),

rates as (
    select * from usd_rates
    union all
    select distinct
        'USD' as currency,
        session_date,
        1.0 as usd,
    from usd_rates
),

-- the amount at the close, in the currency of the quotes
amounts as (
    select
        missed.*,
        factors.stated_currency,
        missed.sign * factors.stated_units_per_price
        * (missed.close - if(missed.is_level, 0.0, missed.previous_close)) as amount,
    from missed
    inner join factors on missed.claim_id = factors.claim_id
    where length(missed.unit) = 3
),

candidates as (
    select
        claim_id,
        'currency_swapped' as reading,
        quote_currency as other,
        amount as value,
    from amounts
    where stated_currency <> quote_currency
    union all
    select
        amounts.claim_id,
        'currency_swapped' as reading,
        other.currency as other,
        amounts.amount * quoted.usd / other.usd as value,
    from amounts
    inner join rates as quoted
        on
            amounts.quote_currency = quoted.currency
            and amounts.session_date = quoted.session_date
    inner join rates as other
        on
            amounts.session_date = other.session_date
            and other.currency not in (amounts.quote_currency, amounts.stated_currency)
    union all
    -- the instrument's move as an investor in the other currency had it
    select
        missed.claim_id,
        'other_currency' as reading,
        other.currency as other,
        100 * missed.sign * (
            missed.close * quoted.usd / other.usd
            / (missed.previous_close * quoted_before.usd / other_before.usd) - 1.0
        ) as value,
    from missed
    inner join rates as quoted
        on
            missed.quote_currency = quoted.currency
            and missed.session_date = quoted.session_date
    inner join rates as quoted_before
        on
            missed.quote_currency = quoted_before.currency
            and missed.previous_session_date = quoted_before.session_date
    inner join rates as other
        on
            missed.session_date = other.session_date
            and missed.quote_currency <> other.currency
    inner join rates as other_before
        on
            other.currency = other_before.currency
            and missed.previous_session_date = other_before.session_date
    where missed.is_percent
)

select
    claim_id,
    reading,
    other,
    value,
from candidates
where value is not null
