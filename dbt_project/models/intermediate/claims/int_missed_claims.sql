{{ config(materialized='view') }}

with claims as (select * from {{ ref('int_claims') }}),

verdicts as (select * from {{ ref('int_claim_verdicts') }}),

claim_prices as (select * from {{ ref('int_claim_prices') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

bases as (select * from {{ ref('int_claim_bases') }})

-- figures that no close bears out: refuted ones, those of the close that only some moment of the
-- session fits, and those in a unit or currency that their price does not have
select
    claims.claim_id,
    claims.article_id,
    claims.symbol,
    claim_sessions.issuer,
    claim_sessions.kind,
    upper(claim_sessions.currency) as quote_currency,
    if(claim_sessions.currency = 'GBp', 0.01, 1.0) as quote_size,
    claims.session_date,
    claims.unit,
    claims.measure = 'price_change' and claims.unit in ('percent', 'percentage_point')
        as is_percent,
    claim_prices.is_level,
    claim_prices.period,
    claims.sign,
    claims.scale,
    claims.qualifier,
    claims.stated_value,
    claims.stated_decimals,
    claims.interval_low,
    claims.interval_high,
    claims.is_interval_low_included,
    claims.is_interval_high_included,
    (claims.interval_high - claims.interval_low) / nullif(claims.value, 0) as relative_width,
    claim_prices.close,
    claim_prices.previous_close,
    claim_prices.previous_session_date,
    claim_prices.second_previous_close,
    own.derived_value as own_value,
from claims
inner join verdicts on claims.claim_id = verdicts.claim_id
inner join claim_prices on claims.claim_id = claim_prices.claim_id
inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
left join bases as own
    on
        claims.claim_id = own.claim_id
        and claims.own_basis = own.basis
where
    (ends_with(claims.measure, '_change') or ends_with(claims.measure, '_level'))
    and claims.value > 0
    and claims.interval_high is not null
    and claim_prices.close is not null
    and (
        verdicts.verdict = 'refuted'
        or (verdicts.verdict = 'confirmed_other_basis' and verdicts.basis = 'intraday_range')
        or (claims.measure = 'price_change' and claims.unit = 'percentage_point')
        or (
            verdicts.verdict = 'insufficient_data'
            and claims.measure = 'price_change'
            and length(claims.unit) = 3
            and claims.unit <> lower(claim_sessions.currency)
        )
    )
