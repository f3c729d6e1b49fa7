{{ config(materialized='view') }}

with claims as (select * from {{ ref('int_claims') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

gathered as (
    select
        claims.claim_id,
        claims.subject,
        claims.symbol,
        claims.session_date,
        claims.reason,
        claims.measure,
        claims.own_basis,
        instruments.mic,
        claim_sessions.session_index,
        claim_sessions.close,
        claim_sessions.close_quality,
        claim_sessions.scheduled_previous_session_date,
        claim_sessions.previous_close,
        claim_sessions.previous_close_quality,
        claim_sessions.last_good_close,
        claim_sessions.last_good_session_date,
    from claims
    left join instruments on claims.symbol = instruments.symbol
    left join claim_sessions on claims.claim_id = claim_sessions.claim_id
),

-- a day that is no session is named with the sessions next to it
neighboured as (
    select
        gathered.*,
        earlier.session_date as earlier_session_date,
        later.session_date as later_session_date,
    from gathered
    asof left join sessions as earlier
        on
            gathered.mic = earlier.mic
            and gathered.session_date > earlier.session_date
    asof left join sessions as later
        on
            gathered.mic = later.mic
            and gathered.session_date < later.session_date
)

select
    claim_id,
    case
        when symbol is null
            then 'No listing of ' || coalesce(subject, 'what it is about') || ' is on file.'
        when mic is null then symbol || ' is not a listing on file.'
        when session_date is null then coalesce(reason, 'The claim names no session.')
        when session_index is null
            then
                session_date || ' is not a session of ' || mic || coalesce(
                    '; the sessions next to it are ' || earlier_session_date
                    || ' and ' || later_session_date || '.',
                    ' on file: the calendar does not reach it.'
                )
        when close is null
            then
                'The bar of ' || session_date || ' is ' || {{ quality_words('close_quality') }}
                || '.'
        -- a level needs no close before it, a longer span has one of its own
        when ends_with(measure, '_level') then null
        when own_basis in ('two_session', 'week', 'month', 'year_to_date', 'year') then null
        when previous_close is null
            then
                'The bar of the previous session'
                || coalesce(', ' || scheduled_previous_session_date || ',', '')
                || ' is ' || {{ quality_words('previous_close_quality') }}
                || coalesce(
                    '; against the last good close, ' || {{ format_price('last_good_close') }}
                    || ' on ' || last_good_session_date || ', the move would be '
                    || {{ signed_number('100 * (close / last_good_close - 1)', 2) }}
                    || ' %, which is no move of one session',
                    ''
                )
                || '.'
    end as day_obstacle,
from neighboured
