{{ config(materialized='view') }}

with claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

prices as (select * from {{ ref('int_prices') }})

-- the same day's move elsewhere counts only if it too is a move of one session
select
    claim_sessions.claim_id,
    day_of.symbol as listing,
    day_of.currency,
    before.close as reference_close,
    before.session_date as reference_session_date,
    before.correction_citation as reference_citation,
    day_of.close,
    day_of.session_date,
    day_of.correction_citation as close_citation,
from claim_sessions
inner join instruments
    on
        claim_sessions.issuer = instruments.issuer
        and claim_sessions.symbol <> instruments.symbol
inner join prices as day_of
    on
        instruments.symbol = day_of.symbol
        and claim_sessions.session_date = day_of.session_date
inner join prices as before
    on
        day_of.symbol = before.symbol
        and day_of.session_index - 1 = before.session_index
