{{ config(materialized='incremental') }}

with bars as (
    {{ touched_rows('int_bar_quality') }}
),

corrections as (
    select * from {{ ref('int_price_corrections') }}
    where unused_reason is null
),

served as (
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
        'provider' as price_source,
        cast(null as varchar) as correction_citation,
        snapshot,
    from bars
    where quality = 'ok'
),

-- nothing of the quarantined bar is kept beside a corrected price, its volume neither
corrected as (
    select
        bars.symbol,
        bars.mic,
        bars.kind,
        bars.session_date,
        bars.session_index,
        corrections.open,
        corrections.high,
        corrections.low,
        corrections.close,
        cast(null as double) as volume,
        bars.currency,
        'correction' as price_source,
        corrections.citation as correction_citation,
        'reference:price_corrections' as snapshot,
    from bars
    inner join corrections
        on
            bars.symbol = corrections.symbol
            and bars.session_date = corrections.session_date
)

select * from served
union all
select * from corrected
