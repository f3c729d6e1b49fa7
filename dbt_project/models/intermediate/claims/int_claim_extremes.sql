with claims as (
    select * from {{ ref('int_claims') }}
    where measure in ('largest_fall_since', 'largest_rise_since')
),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

returns as (select * from {{ ref('int_returns') }}),

-- every session up to the claim's, with its move in the stated direction: over a gap there is none
moves as (
    select
        claims.claim_id,
        claims.session_date as claim_session_date,
        try_cast(claims.stated_value || '-01' as date) as since_month,
        sessions.session_date,
        if(returns.sessions_spanned = 1, 100 * claims.sign * returns.move, null) as move_pct,
        returns.rests_on_correction,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
    inner join sessions
        on
            claim_sessions.mic = sessions.mic
            and claims.session_date >= sessions.session_date
    left join returns
        on
            claims.symbol = returns.symbol
            and sessions.session_date = returns.session_date
),

compared as (
    select
        *,
        session_date < claim_session_date
        and move_pct >= max(if(session_date = claim_session_date, move_pct, null))
            over (partition by claim_id) as is_larger,
    from moves
),

-- a session without a move could hide a larger one, unless a later one is known
searched as (
    select
        *,
        move_pct is null
        and session_date >= since_month
        and coalesce(
            session_date
            > max(if(is_larger, session_date, null)) over (partition by claim_id),
            true
        ) as is_hidden,
    from compared
),

summed as (
    select
        claim_id,
        any_value(since_month) as since_month,
        max(move_pct) filter (where session_date = claim_session_date) as derived_move_pct,
        min(session_date) as calendar_first_session_date,
        min(session_date) filter (where move_pct is not null) as first_move_session_date,
        max(session_date) filter (where is_larger) as last_larger_session_date,
        arg_max(move_pct, session_date) filter (where is_larger) as last_larger_move_pct,
        arg_max(rests_on_correction, session_date) filter (where is_larger)
            as is_last_larger_corrected,
        min(session_date) filter (where is_hidden) as first_hidden_session_date,
        count(*) filter (where is_hidden) as hidden_sessions,
    from searched
    group by claim_id
)

select
    claim_id,
    since_month,
    derived_move_pct,
    first_move_session_date,
    last_larger_session_date,
    last_larger_move_pct,
    coalesce(is_last_larger_corrected, false) as is_last_larger_corrected,
    first_hidden_session_date,
    hidden_sessions,
    case
        when derived_move_pct <= 0 then 'other_direction'
        when date_trunc('month', last_larger_session_date) > since_month then 'larger_since'
        when hidden_sessions > 0 or calendar_first_session_date > since_month then 'hidden'
        when date_trunc('month', last_larger_session_date) = since_month then 'confirmed'
        else 'none_in_month'
    end as finding,
from summed
