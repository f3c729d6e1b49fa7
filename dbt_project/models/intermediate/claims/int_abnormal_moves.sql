with paired_returns as (select * from {{ ref('int_paired_returns') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

differences as (
    select
        paired_returns.symbol,
        paired_returns.mic,
        instruments.issuer,
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

scored as (
    select
        *,
        (abnormal_return - trailing_mean) / nullif(trailing_deviation, 0) as z_score,
    from standardised
)

select
    symbol,
    mic,
    issuer,
    session_date,
    session_index,
    100 * simple_return as return_pct,
    100 * abnormal_return as abnormal_return_pct,
    z_score,
    cast(trailing_sessions as integer) as trailing_sessions,
from scored
where trailing_sessions >= 60 and abs(z_score) >= {{ var('abnormal_z_score') }}
