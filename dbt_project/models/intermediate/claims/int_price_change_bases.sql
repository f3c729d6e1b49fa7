with claim_sessions as (

    select * from {{ ref('int_claim_sessions') }}

),

instruments as (

    select * from {{ ref('stg_instruments') }}

),

returns as (

    select * from {{ ref('int_returns') }}

),

last_prints as (

    select
        symbol,
        cast(observed_at as date) as session_date,
        value as last_print,
    from {{ ref('stg_observations') }}
    where kind = 'last_print'

),

-- the level that each basis compares with its reference close
points as (

    select
        claim_id,
        'close_to_close' as basis,
        previous_close as reference_close,
        close as level_low,
        close as level_high,
    from claim_sessions
    union all
    select
        claim_sessions.claim_id,
        'last_print' as basis,
        claim_sessions.previous_close as reference_close,
        last_prints.last_print as level_low,
        last_prints.last_print as level_high,
    from claim_sessions
    inner join last_prints
        on
            claim_sessions.symbol = last_prints.symbol
            and claim_sessions.session_date = last_prints.session_date
    union all
    select
        claim_id,
        'open' as basis,
        previous_close as reference_close,
        open as level_low,
        open as level_high,
    from claim_sessions
    union all
    select
        claim_id,
        'low' as basis,
        previous_close as reference_close,
        low as level_low,
        low as level_high,
    from claim_sessions
    union all
    select
        claim_id,
        'high' as basis,
        previous_close as reference_close,
        high as level_low,
        high as level_high,
    from claim_sessions
    union all
    select
        claim_id,
        'intraday_range' as basis,
        previous_close as reference_close,
        low as level_low,
        high as level_high,
    from claim_sessions
    union all
    select
        claim_id,
        'previous_session' as basis,
        second_previous_close as reference_close,
        previous_close as level_low,
        previous_close as level_high,
    from claim_sessions
    union all
    select
        claim_id,
        'two_session' as basis,
        second_previous_close as reference_close,
        close as level_low,
        close as level_high,
    from claim_sessions
    union all
    select
        claim_sessions.claim_id,
        'other_listing' as basis,
        returns.previous_close as reference_close,
        returns.close as level_low,
        returns.close as level_high,
    from claim_sessions
    inner join instruments
        on
            claim_sessions.issuer = instruments.issuer
            and claim_sessions.symbol <> instruments.symbol
    inner join returns
        on
            instruments.symbol = returns.symbol
            and claim_sessions.session_date = returns.session_date
            and returns.sessions_spanned = 1

)

select
    claim_id,
    basis,
    reference_close,
    level_low,
    level_high,
from points
where reference_close is not null and level_low is not null and level_high is not null
