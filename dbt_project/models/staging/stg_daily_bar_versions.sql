with daily_bars as (

    {{ landed('daily_bars') }}

),

splits as (

    select
        symbol,
        ex_date,
        value as ratio,
    from {{ ref('stg_corporate_actions') }}
    where kind = 'split' and value > 0

),

-- a bar reflects the splits that were effective when it was fetched; later ones are owed to it
owed as (

    select
        daily_bars.symbol,
        daily_bars.session_date,
        daily_bars.fetched_at,
        daily_bars.batch,
        product(splits.ratio) as split_factor,
    from daily_bars
    inner join splits
        on
            daily_bars.symbol = splits.symbol
            and daily_bars.session_date < splits.ex_date
            and cast(daily_bars.fetched_at as date) < splits.ex_date
    group by all

)

select
    daily_bars.symbol,
    daily_bars.session_date,
    daily_bars.open / coalesce(owed.split_factor, 1.0) as open,
    daily_bars.high / coalesce(owed.split_factor, 1.0) as high,
    daily_bars.low / coalesce(owed.split_factor, 1.0) as low,
    daily_bars.close / coalesce(owed.split_factor, 1.0) as close,
    daily_bars.adjusted_close / coalesce(owed.split_factor, 1.0) as vendor_adjusted_close,
    daily_bars.volume * coalesce(owed.split_factor, 1.0) as volume,
    daily_bars.currency,
    coalesce(owed.split_factor, 1.0) as split_factor,
    daily_bars.fetched_at,
    daily_bars.provider,
    daily_bars.provider || ':' || regexp_extract(daily_bars.batch, '([0-9a-f]+)$', 1) as snapshot,
from daily_bars
left join owed
    on
        daily_bars.symbol = owed.symbol
        and daily_bars.session_date = owed.session_date
        and daily_bars.fetched_at = owed.fetched_at
        and daily_bars.batch = owed.batch
