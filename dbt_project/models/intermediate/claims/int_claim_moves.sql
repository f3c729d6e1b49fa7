{#- What a value is counted from: a change from the close before, a level from nothing. -#}
{%- set start -%}
    if(ends_with(claims.measure, '_level'), 0.0, price_change_bases.reference_close)
{%- endset -%}

with claims as (select * from {{ ref('int_claims') }}),

price_change_bases as (select * from {{ ref('int_price_change_bases') }}),

factors as (select * from {{ ref('int_claim_factors') }}),

-- with the share count held, a market value moves by the percentage of its price
percent_moves as (
    select
        claims.claim_id,
        price_change_bases.basis,
        price_change_bases.listing,
        100 * claims.sign
        * (price_change_bases.level_low / price_change_bases.reference_close - 1.0) as one_end,
        100 * claims.sign
        * (price_change_bases.level_high / price_change_bases.reference_close - 1.0) as other_end,
        9 as decimals,
    from claims
    inner join price_change_bases on claims.claim_id = price_change_bases.claim_id
    where
        claims.measure in ('price_change', 'market_value_change', 'recovered_after_early_fall')
        and claims.unit in ('percent', 'direction')
),

value_moves as (
    select
        claims.claim_id,
        price_change_bases.basis,
        price_change_bases.listing,
        claims.sign * factors.stated_units_per_price
        * (price_change_bases.level_low - {{ start }}) as one_value,
        claims.sign * factors.stated_units_per_price
        * (price_change_bases.level_high - {{ start }}) as other_value,
        factors.rate_of_day,
        -- the close is converted at the day's rate, a moment at any rate since the one before
        if(
            price_change_bases.basis = 'close_to_close',
            factors.rate_of_day,
            coalesce(factors.rate_before, factors.rate_of_day)
        ) as other_rate,
        if(starts_with(claims.measure, 'market_value'), 0, 9) as decimals,
    from claims
    inner join factors on claims.claim_id = factors.claim_id
    inner join price_change_bases on claims.claim_id = price_change_bases.claim_id
    where price_change_bases.basis <> 'other_listing'
),

-- another listing is quoted in a currency of its own: a level in that one speaks of it
other_levels as (
    select
        claims.claim_id,
        price_change_bases.basis,
        price_change_bases.listing,
        price_change_bases.level_low as one_end,
        price_change_bases.level_high as other_end,
        9 as decimals,
    from claims
    inner join price_change_bases on claims.claim_id = price_change_bases.claim_id
    where
        claims.measure = 'price_level'
        and price_change_bases.basis = 'other_listing'
        and lower(claims.unit) = lower(price_change_bases.currency)
        and price_change_bases.currency <> 'GBp'
),

moves as (
    select
        claim_id,
        basis,
        listing,
        least(one_end, other_end) as derived_low,
        greatest(one_end, other_end) as derived_high,
        decimals,
    from percent_moves
    union all
    select
        claim_id,
        basis,
        listing,
        one_end as derived_low,
        other_end as derived_high,
        decimals,
    from other_levels
    union all
    select
        claim_id,
        basis,
        listing,
        least(
            one_value / rate_of_day,
            one_value / other_rate,
            other_value / rate_of_day,
            other_value / other_rate
        ) as derived_low,
        greatest(
            one_value / rate_of_day,
            one_value / other_rate,
            other_value / rate_of_day,
            other_value / other_rate
        ) as derived_high,
        decimals,
    from value_moves
)

-- rounded to drop the dust of binary fractions, so that a move at an exact end is at it; adding
-- zero makes a negative zero a zero
select
    claim_id,
    basis,
    listing,
    round(derived_low, decimals) + 0.0 as derived_low,
    round(derived_high, decimals) + 0.0 as derived_high,
from moves
where derived_low is not null and derived_high is not null
