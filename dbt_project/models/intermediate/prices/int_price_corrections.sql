{{ config(materialized='view') }}

with corrections as (
    select
        symbol,
        session_date,
        max(value) filter (where field = 'open') as open,
        max(value) filter (where field = 'high') as high,
        max(value) filter (where field = 'low') as low,
        max(value) filter (where field = 'close') as close,
        string_agg(distinct currency, ' and ' order by currency) as currency,
        string_agg(distinct citation, '; ' order by citation) as citation,
    from {{ ref('stg_price_corrections') }}
    group by symbol, session_date
),

bars as (select * from {{ ref('int_bar_quality') }}),

-- a correction stands in for a bar that is quarantined; it never overrules a good one
judged as (
    select
        corrections.*,
        case
            when bars.symbol is null
                then 'that day is no session between the first bar and the last'
            when bars.session_index is null then 'the exchange has no session on that day'
            when bars.quality = 'ok' then 'the served bar is good and stays'
            when corrections.close is null then 'it gives no close'
            when corrections.currency <> bars.currency
                then 'it is in ' || corrections.currency || ', the instrument in ' || bars.currency
            when
                corrections.low > least(corrections.open, corrections.high, corrections.close)
                or corrections.high < greatest(corrections.open, corrections.low, corrections.close)
                then 'its prices contradict each other'
        end as unused_reason,
    from corrections
    left join bars
        on
            corrections.symbol = bars.symbol
            and corrections.session_date = bars.session_date
)

select
    symbol,
    session_date,
    open,
    high,
    low,
    close,
    currency,
    citation,
    unused_reason,
from judged
