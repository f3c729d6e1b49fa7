with bars as (

    select * from {{ ref('int_bar_quality') }}

),

corrections as (

    select
        symbol,
        session_date,
        max(value) filter (where field = 'open') as open,
        max(value) filter (where field = 'high') as high,
        max(value) filter (where field = 'low') as low,
        max(value) filter (where field = 'close') as close,
        string_agg(citation, '; ' order by field) as citation,
    from {{ ref('stg_price_corrections') }}
    group by symbol, session_date

),

-- a correction stands in for a bar that is quarantined; it never overrules a good one
chosen as (

    select
        bars.symbol,
        bars.mic,
        bars.kind,
        bars.session_date,
        bars.session_index,
        bars.quality,
        bars.currency,
        bars.volume,
        bars.snapshot,
        bars.quality <> 'ok' and corrections.close is not null as is_corrected,
        case when bars.quality = 'ok' then bars.open else corrections.open end as open,
        case when bars.quality = 'ok' then bars.high else corrections.high end as high,
        case when bars.quality = 'ok' then bars.low else corrections.low end as low,
        case when bars.quality = 'ok' then bars.close else corrections.close end as close,
        case when bars.quality <> 'ok' then corrections.citation end as correction_citation,
    from bars
    left join corrections
        on
            bars.symbol = corrections.symbol
            and bars.session_date = corrections.session_date

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
    volume,
    currency,
    case when is_corrected then 'correction' else 'provider' end as price_source,
    correction_citation,
    case when is_corrected then 'reference:price_corrections' else snapshot end as snapshot,
from chosen
where
    session_index is not null
    and close is not null
    and (quality = 'ok' or is_corrected)
