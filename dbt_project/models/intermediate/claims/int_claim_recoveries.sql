{{ config(materialized='view') }}

with claims as (
    select * from {{ ref('int_claims') }}
    where measure = 'recovered_after_early_fall'
),

claim_sessions as (select * from {{ ref('int_claim_sessions') }})

-- a daily bar does not tell when its low came: only an open below shows that the fall was early
select
    claims.claim_id,
    case
        when claim_sessions.low >= claim_sessions.previous_close then 'no_fall'
        when
            claim_sessions.open < claim_sessions.previous_close
            and claim_sessions.close > claim_sessions.previous_close
            then 'confirmed'
        when claim_sessions.close > claim_sessions.previous_close then 'ended_above'
        when claim_sessions.high > claim_sessions.previous_close then 'stood_above'
        else 'no_recovery'
    end as finding,
from claims
inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
where
    claim_sessions.open is not null
    and claim_sessions.low is not null
    and claim_sessions.close is not null
    and claim_sessions.previous_close is not null
