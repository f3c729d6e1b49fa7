with trading_sessions as (select * from {{ ref('stg_trading_sessions') }}),

indexed as (
    select
        mic,
        session_date,
        opens_at,
        closes_at,
        is_early_close,
        -- dense and without gaps: relative time is a subtraction, not a calendar walk
        cast(row_number() over (partition by mic order by session_date) as integer)
            as session_index,
        lag(session_date) over (partition by mic order by session_date)
            as previous_session_date,
        lead(session_date) over (partition by mic order by session_date)
            as next_session_date,
        lag(closes_at) over (partition by mic order by session_date)
            as previous_closes_at,
    from trading_sessions
)

select
    mic,
    session_date,
    session_index,
    opens_at,
    closes_at,
    is_early_close,
    previous_session_date,
    next_session_date,
    previous_closes_at,
from indexed
