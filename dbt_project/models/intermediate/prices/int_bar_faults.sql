{{ config(materialized='view') }}

{#- Single precision repeats a price only to this share of itself. -#}
{%- set noise = 2e-7 -%}

with bars as (select * from {{ ref('int_scheduled_bars') }}),

-- the first fault that holds is the fault: it is what a person has to look at first
judged as (
    select
        *,
        case
            when session_index is null then 'off_calendar'
            when fetched_at < closes_at then 'future'
            when variants > 1 then 'conflicting_duplicate'
            when served_currency <> currency then 'other_currency'
            when close is null then 'missing'
            when least(open, high, low, close) <= 0 or volume < 0 then 'non_positive'
            -- no close lies between a low and a high that are swapped
            when close > high * (1 + {{ noise }}) or close < low * (1 - {{ noise }}) then 'inverted'
        end as fault,
    from bars
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
    served_currency,
    fault,
    copies,
    variants,
    lowest_close,
    highest_close,
    fetched_at,
    provider,
    snapshot,
from judged
