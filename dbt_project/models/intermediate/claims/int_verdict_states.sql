with published as (select * from {{ ref('stg_published_verdicts') }}),

claims as (select * from {{ ref('int_claims') }}),

verdicts as (select * from {{ ref('int_claim_verdicts') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

-- as this build has it: the last state, whether it has been landed yet or not
current_build as (
    select
        null as version,
        claims.claim_id,
        claims.symbol,
        claims.session_date,
        {{ stated_text() }} as stated_text,
        verdicts.verdict,
        verdicts.basis,
        bases.derived_value,
        claim_sessions.close,
        claim_sessions.previous_close,
        claim_sessions.snapshot as price_snapshot,
        claim_sessions.prices_fetched_at,
        timestamptz 'infinity' as fetched_at,
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id
    left join claim_sessions on claims.claim_id = claim_sessions.claim_id
    left join bases
        on
            claims.claim_id = bases.claim_id
            and verdicts.basis = bases.basis
)

select
    version,
    claim_id,
    symbol,
    session_date,
    stated_text,
    verdict,
    basis,
    derived_value,
    close,
    previous_close,
    price_snapshot,
    prices_fetched_at,
    fetched_at,
from published
union all
select
    version,
    claim_id,
    symbol,
    session_date,
    stated_text,
    verdict,
    basis,
    derived_value,
    close,
    previous_close,
    price_snapshot,
    prices_fetched_at,
    fetched_at,
from current_build
