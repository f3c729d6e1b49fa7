with claims as (

    select * from {{ ref('int_claims') }}
    where measure = 'largest_fall_since'

),

returns as (

    select * from {{ ref('int_returns') }}

),

months as (

    select
        claim_id,
        symbol,
        session_date,
        sign,
        try_cast(stated_value || '-01' as date) as since_month,
    from claims

),

-- only moves of a single session compare; a gap is not a day
moves as (

    select
        months.claim_id,
        months.session_date as claim_session_date,
        months.since_month,
        returns.session_date,
        months.sign * returns.move as signed_move,
        max(if(returns.session_date = months.session_date, months.sign * returns.move, null))
            over (partition by months.claim_id) as claimed_move,
    from months
    inner join returns
        on
            months.symbol = returns.symbol
            and returns.session_date <= months.session_date
    where returns.sessions_spanned = 1

),

larger as (

    select
        *,
        session_date < claim_session_date and signed_move >= claimed_move as is_larger,
    from moves

)

select
    claim_id,
    any_value(since_month) as since_month,
    100 * any_value(claimed_move) as derived_move_pct,
    min(session_date) as first_session_date,
    max(session_date) filter (where is_larger) as last_larger_session_date,
    100 * arg_max(signed_move, session_date) filter (where is_larger) as last_larger_move_pct,
    coalesce(
        date_trunc('month', max(session_date) filter (where is_larger)) = any_value(since_month),
        false
    ) as is_fit,
    min(session_date) <= any_value(since_month) + interval 7 day as is_covered,
from larger
group by claim_id
