with observations as (select * from {{ ref('stg_observations') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

splits as (
    select
        symbol,
        ex_date,
        value as ratio,
    from {{ ref('stg_corporate_actions') }}
    where kind = 'split' and value > 0
),

-- bars are adjusted for every split on file, so an older observation must be too
owed as (
    select
        observations.symbol,
        observations.kind,
        observations.observed_at,
        product(splits.ratio) as split_factor,
    from observations
    inner join splits
        on
            observations.symbol = splits.symbol
            and cast(observations.observed_at as date) < splits.ex_date
    group by all
),

adjusted as (
    select
        observations.symbol,
        instruments.mic,
        observations.kind,
        observations.observed_at,
        case observations.kind
            when 'shares_outstanding' then observations.value * coalesce(owed.split_factor, 1.0)
            when 'last_print' then observations.value / coalesce(owed.split_factor, 1.0)
            else observations.value
        end as value,
        observations.unit,
        observations.source,
    from observations
    inner join instruments on observations.symbol = instruments.symbol
    left join owed
        on
            observations.symbol = owed.symbol
            and observations.kind = owed.kind
            and observations.observed_at = owed.observed_at
),

-- a moment belongs to the session that opened last, whatever date it has in UTC
placed as (
    select
        adjusted.*,
        sessions.session_date,
    from adjusted
    asof left join sessions
        on
            adjusted.mic = sessions.mic
            and adjusted.observed_at >= sessions.opens_at
)

select
    symbol,
    kind,
    observed_at,
    cast(observed_at as date) as observed_on,
    session_date,
    value,
    unit,
    source,
from placed
qualify
    row_number() over (
        partition by symbol, kind, coalesce(session_date, observed_on)
        order by observed_at desc, value asc
    ) = 1
