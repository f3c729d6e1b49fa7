with claims as (

    select * from {{ ref('int_claims') }}

),

claim_sessions as (

    select * from {{ ref('int_claim_sessions') }}

),

price_change_bases as (

    select * from {{ ref('int_price_change_bases') }}

),

shares as (

    select
        symbol,
        cast(observed_at as date) as observed_on,
        value as shares_outstanding,
    from {{ ref('stg_observations') }}
    where kind = 'shares_outstanding'

),

shares_by_claim as (

    select
        claims.claim_id,
        shares.shares_outstanding,
    from claims
    asof inner join shares
        on
            claims.symbol = shares.symbol
            and claims.session_date >= shares.observed_on

),

rates as (

    select
        session_date,
        close as usd_per_eur,
        lag(close) over (order by session_date) as previous_usd_per_eur,
    from {{ ref('int_prices') }}
    where symbol = 'EURUSD=X'

),

percent_moves as (

    select
        claims.claim_id,
        price_change_bases.basis,
        100 * claims.sign * (level_low / reference_close - 1.0) as one_end,
        100 * claims.sign * (level_high / reference_close - 1.0) as other_end,
    from claims
    inner join price_change_bases on claims.claim_id = price_change_bases.claim_id
    where claims.measure = 'price_change' and claims.unit in ('percent', 'direction')

),

value_moves as (

    select
        claims.claim_id,
        claims.unit,
        claims.session_date,
        claim_sessions.currency,
        price_change_bases.basis,
        claims.sign * (level_low - reference_close) * shares_outstanding as one_end,
        claims.sign * (level_high - reference_close) * shares_outstanding as other_end,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
    inner join price_change_bases on claims.claim_id = price_change_bases.claim_id
    inner join shares_by_claim on claims.claim_id = shares_by_claim.claim_id
    where
        claims.measure = 'market_value_change'
        and price_change_bases.basis <> 'other_listing'

),

-- a euro figure is converted at some rate of the day: the close at that day's reference rate, the
-- other bases at any rate from the previous reference rate to that day's
converted as (

    select
        value_moves.claim_id,
        value_moves.basis,
        case
            when value_moves.unit = lower(value_moves.currency) then one_end
            when value_moves.basis = 'close_to_close' then one_end / usd_per_eur
            else least(one_end, other_end) / greatest(usd_per_eur, previous_usd_per_eur)
        end as one_end,
        case
            when value_moves.unit = lower(value_moves.currency) then other_end
            when value_moves.basis = 'close_to_close' then other_end / usd_per_eur
            else greatest(one_end, other_end) / least(usd_per_eur, previous_usd_per_eur)
        end as other_end,
    from value_moves
    left join rates on value_moves.session_date = rates.session_date
    where
        value_moves.unit = lower(value_moves.currency)
        or (value_moves.unit = 'eur' and value_moves.currency = 'USD')

),

derived as (

    select
        claim_id,
        basis,
        least(one_end, other_end) as derived_low,
        greatest(one_end, other_end) as derived_high,
    from (
        select * from percent_moves
        union all
        select * from converted
    ) as every_move
    where one_end is not null and other_end is not null

),

-- the derived value nearest to the middle of the interval lies in the interval exactly when the
-- basis can produce a value in it; the low-high range of a session is the case that needs it
nearest as (

    select
        derived.claim_id,
        derived.basis,
        derived.derived_low,
        derived.derived_high,
        case
            when claims.qualifier = 'direction_only' then derived.derived_high
            when claims.interval_low is null then derived.derived_low
            else
                greatest(
                    derived.derived_low,
                    least(
                        derived.derived_high,
                        (claims.interval_low + claims.interval_high) / 2
                    )
                )
        end as derived_value,
        claims.interval_low,
        claims.interval_high,
        claims.is_interval_low_included,
        claims.is_interval_high_included,
        case derived.basis
            when 'close_to_close' then 0
            when 'last_print' then 1
            when 'open' then 2
            when 'low' then 3
            when 'high' then 4
            when 'intraday_range' then 5
            when 'previous_session' then 6
            when 'two_session' then 7
            when 'other_listing' then 8
        end as preference,
    from derived
    inner join claims on derived.claim_id = claims.claim_id

)

select
    claim_id,
    basis,
    preference,
    derived_low,
    derived_high,
    derived_value,
    (
        interval_low is null
        or derived_value > interval_low
        or (is_interval_low_included and derived_value = interval_low)
    )
    and (
        interval_high is null
        or derived_value < interval_high
        or (is_interval_high_included and derived_value = interval_high)
    ) as is_fit,
    greatest(interval_low - derived_value, derived_value - interval_high, 0.0) as distance,
from nearest
