with paired_returns as (

    select * from {{ ref('int_paired_returns') }}

),

instruments as (

    select * from {{ ref('stg_instruments') }}

),

sessions as (

    select * from {{ ref('int_trading_sessions') }}

),

articles as (

    select * from {{ ref('stg_articles') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

differences as (

    select
        paired_returns.symbol,
        paired_returns.mic,
        paired_returns.session_date,
        paired_returns.session_index,
        paired_returns.simple_return,
        paired_returns.simple_return - coalesce(paired_returns.benchmark_simple_return, 0.0)
            as abnormal_return,
    from paired_returns
    inner join instruments on paired_returns.symbol = instruments.symbol
    where
        paired_returns.sessions_spanned = 1
        and instruments.kind in ('stock', 'etf')
        -- a market-adjusted move needs its market; only an instrument without one stands alone
        and (
            paired_returns.benchmark_symbol is null
            or paired_returns.benchmark_simple_return is not null
        )

),

standardised as (

    select
        *,
        avg(abnormal_return) over past_year as trailing_mean,
        stddev_samp(abnormal_return) over past_year as trailing_deviation,
        count(*) over past_year as trailing_sessions,
    from differences
    window past_year as (
        partition by symbol
        order by session_index
        rows between 250 preceding and 1 preceding
    )

),

abnormal as (

    select
        *,
        (abnormal_return - trailing_mean) / nullif(trailing_deviation, 0) as z_score,
    from standardised
    where trailing_sessions >= 60

),

about as (

    select distinct
        claims.symbol,
        articles.published_at,
    from claims
    inner join articles on claims.article_id = articles.article_id
    where claims.symbol is not null

),

-- from the previous session's open to the next session's close is "within a session of it"
explained as (

    select distinct
        abnormal.symbol,
        abnormal.session_date,
    from abnormal
    inner join sessions as before
        on
            abnormal.mic = before.mic
            and abnormal.session_index - 1 = before.session_index
    inner join sessions as after
        on
            abnormal.mic = after.mic
            and abnormal.session_index + 1 = after.session_index
    inner join about
        on
            abnormal.symbol = about.symbol
            and about.published_at between before.opens_at and after.closes_at
    where abs(abnormal.z_score) >= {{ var('abnormal_z_score') }}

)

select
    abnormal.symbol || '|' || abnormal.session_date as unexplained_move_id,
    abnormal.symbol,
    abnormal.mic,
    abnormal.session_date,
    100 * abnormal.simple_return as return_pct,
    100 * abnormal.abnormal_return as abnormal_return_pct,
    abnormal.z_score,
    cast(abnormal.trailing_sessions as integer) as trailing_sessions,
from abnormal
left join explained
    on
        abnormal.symbol = explained.symbol
        and abnormal.session_date = explained.session_date
where
    abs(abnormal.z_score) >= {{ var('abnormal_z_score') }}
    and explained.symbol is null
