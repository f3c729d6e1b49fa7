{{ config(materialized='view') }}

with claims as (select * from {{ ref('int_claims') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

periods as (select * from {{ ref('int_claim_period_references') }}),

last_prints as (
    select * from {{ ref('int_observations') }}
    where kind = 'last_print'
)

-- a moment of the session is held against the close before the span that the claim names
select
    claim_sessions.claim_id,
    if(ends_with(claims.measure, '_change'), claims.period, 'session') as period,
    ends_with(claims.measure, '_level') as is_level,
    claim_sessions.symbol,
    claim_sessions.currency,
    claim_sessions.session_date,
    claim_sessions.open,
    claim_sessions.high,
    claim_sessions.low,
    claim_sessions.close,
    claim_sessions.close_citation,
    claim_sessions.previous_session_date,
    claim_sessions.previous_close,
    claim_sessions.previous_close_citation,
    claim_sessions.second_previous_session_date,
    claim_sessions.second_previous_close,
    claim_sessions.second_previous_close_citation,
    periods.reference_session_date as period_session_date,
    periods.reference_close as period_close,
    periods.reference_citation as period_close_citation,
    if(
        periods.claim_id is null,
        claim_sessions.previous_session_date,
        periods.reference_session_date
    ) as range_session_date,
    if(periods.claim_id is null, claim_sessions.previous_close, periods.reference_close)
        as range_close,
    if(
        periods.claim_id is null,
        claim_sessions.previous_close_citation,
        periods.reference_citation
    ) as range_close_citation,
    last_prints.value as last_print,
    last_prints.source as last_print_source,
-- only a change has a span
from claim_sessions
inner join claims on claim_sessions.claim_id = claims.claim_id
left join periods
    on
        claims.claim_id = periods.claim_id
        and claims.period = periods.period
left join last_prints
    on
        claim_sessions.symbol = last_prints.symbol
        and claim_sessions.session_date = last_prints.session_date
        and lower(claim_sessions.currency) = lower(last_prints.unit)
