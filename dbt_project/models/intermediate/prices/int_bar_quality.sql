with bars as (

    select * from {{ ref('int_scheduled_bars') }}

),

splits as (

    select
        symbol,
        ex_date,
    from {{ ref('stg_corporate_actions') }}
    where kind = 'split'

),

with_previous as (

    select
        bars.*,
        splits.ex_date is not null as has_split,
        lag(bars.close ignore nulls) over by_session as previous_close,
        bars.close * bars.volume as turnover,
        median(bars.close * bars.volume) over (
            partition by bars.symbol
            order by bars.session_date
            rows between 20 preceding and 1 preceding
        ) as usual_turnover,
    from bars
    left join splits
        on
            bars.symbol = splits.symbol
            and bars.session_date = splits.ex_date
    window by_session as (partition by bars.symbol order by bars.session_date)

),

-- the price ratio over the nearest whole number, as 2.0 for a halving and for a doubling
with_ratio as (

    select
        *,
        greatest(close / nullif(previous_close, 0), previous_close / nullif(close, 0)) as jump_ratio,
    from with_previous

),

judged as (

    select
        *,
        case
            when session_index is null then 'off_calendar'
            when session_date > cast(fetched_at as date) then 'future'
            when variants > 1 then 'conflicting_duplicate'
            when close is null or isnan(close) then 'missing'
            when least(open, high, low, close) <= 0 then 'non_positive'
            when low > high or close > high or close < low then 'inverted'
            when
                volume = 0
                and close = previous_close
                and coalesce(open, close) = close
                and coalesce(high, close) = close
                and coalesce(low, close) = close
                then 'stale'
            -- a real crash trades many times the usual turnover; a missed split does not
            when
                jump_ratio >= 1.9
                and abs(jump_ratio - round(jump_ratio)) <= 0.02 * jump_ratio
                and not has_split
                and coalesce(turnover < 3 * usual_turnover, true)
                then 'suspected_split'
            else 'ok'
        end as quality,
    from with_ratio

)

select
    symbol,
    mic,
    kind,
    session_date,
    session_index,
    open,
    high,
    low,
    close,
    previous_close as previous_served_close,
    volume,
    currency,
    quality,
    copies,
    variants,
    lowest_close,
    highest_close,
    jump_ratio,
    fetched_at,
    provider,
    snapshot,
from judged
