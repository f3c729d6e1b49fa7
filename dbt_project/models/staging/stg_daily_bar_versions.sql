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
        list(struct_pack(ex_date := ex_date, ratio := value) order by ex_date) as splits,
    from {{ ref('stg_corporate_actions') }}
    where kind = 'split' and value > 0
    group by symbol
),

-- a bar reflects the splits that were effective when it was fetched; later ones are owed to it
factored as (
    select
        daily_bars.*,
        -- noqa: disable=RF01
        if(splits.splits is null, 1.0, coalesce(list_product([
            split.ratio for split in splits.splits
            if daily_bars.session_date < split.ex_date
            and cast(daily_bars.fetched_at as date) < split.ex_date
        ]), 1.0)) as split_factor,
        -- noqa: enable=RF01
    from daily_bars
    left join splits on daily_bars.symbol = splits.symbol
)

select
    symbol,
    session_date,
    open / split_factor as open,
    high / split_factor as high,
    low / split_factor as low,
    close / split_factor as close,
    adjusted_close / split_factor as vendor_adjusted_close,
    volume * split_factor as volume,
    currency,
    split_factor,
    fetched_at,
    provider,
    provider || ':' || regexp_extract(batch, '([0-9a-f]+)$', 1) as snapshot,
from factored
