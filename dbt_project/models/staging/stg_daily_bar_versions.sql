with landed as (
    {{ landed('daily_bars') }}
),

-- what is no number becomes empty here: NaN compares as larger than every price
daily_bars as (
    select
        * replace (
            if(isfinite(open), open, null) as open,
            if(isfinite(high), high, null) as high,
            if(isfinite(low), low, null) as low,
            if(isfinite(close), close, null) as close,
            if(isfinite(adjusted_close), adjusted_close, null) as adjusted_close
        ),
    from landed
),

splits as (
    select
        symbol,
        ex_date,
        value as ratio,
    from {{ ref('stg_corporate_actions') }}
    where kind = 'split' and value > 0
),

-- a bar reflects the splits that were effective when it was fetched; later ones are owed to it,
-- each once, however often the fetch served the bar
owed as (
    select distinct
        daily_bars.symbol,
        daily_bars.session_date,
        daily_bars.fetched_at,
        splits.ex_date,
        splits.ratio,
    from daily_bars
    inner join splits
        on
            daily_bars.symbol = splits.symbol
            and daily_bars.session_date < splits.ex_date
            and cast(daily_bars.fetched_at as date) < splits.ex_date
),

factors as (
    select
        symbol,
        session_date,
        fetched_at,
        product(ratio order by ex_date) as split_factor,
    from owed
    group by symbol, session_date, fetched_at
)

select
    daily_bars.symbol,
    daily_bars.session_date,
    daily_bars.open / coalesce(factors.split_factor, 1.0) as open,
    daily_bars.high / coalesce(factors.split_factor, 1.0) as high,
    daily_bars.low / coalesce(factors.split_factor, 1.0) as low,
    daily_bars.close / coalesce(factors.split_factor, 1.0) as close,
    daily_bars.adjusted_close / coalesce(factors.split_factor, 1.0) as vendor_adjusted_close,
    daily_bars.volume * coalesce(factors.split_factor, 1.0) as volume,
    daily_bars.currency,
    coalesce(factors.split_factor, 1.0) as split_factor,
    daily_bars.fetched_at,
    daily_bars.provider,
    daily_bars.provider || ':' || regexp_extract(daily_bars.batch, '([0-9a-f]+)$', 1) as snapshot,
from daily_bars
left join factors
    on
        daily_bars.symbol = factors.symbol
        and daily_bars.session_date = factors.session_date
        and daily_bars.fetched_at = factors.fetched_at
