{{ config(materialized='table') }}

{%- set prices_before = built_before('int_prices') %}
with touches as (
    select
        symbol,
        min(session_date) as touched_from,
    from {{ ref('stg_price_changes') }}
    group by symbol
),

-- from the first change on, or from the session after the last good bar before it: sessions missing
-- in between may come or go with what follows them
looked_back as (
    {% if prices_before %}
        {{ look_back('touches', prices_before) }}
    {% else %}
        select
            symbol,
            touched_from,
            touched_from as read_from_session_date,
            touched_from as last_session_date,
        from touches
        where false
    {% endif %}
)

select
    touches.symbol,
    if(
        looked_back.symbol is null,
        {{ beginning() }},
        least(touches.touched_from, looked_back.last_session_date + 1)
    ) as from_session_date,
    date '9999-12-31' as until_session_date,
    coalesce(looked_back.read_from_session_date, {{ beginning() }}) as read_from_session_date,
from touches
left join looked_back on touches.symbol = looked_back.symbol
