{%- set kept = [
    'version', 'symbol', 'session_date', 'stated_text', 'verdict', 'basis', 'derived_value', 'close',
    'previous_close', 'price_snapshot', 'prices_fetched_at',
] -%}

with states as (select * from {{ ref('int_verdict_states') }}),

followed as (
    select
        *,
        {% for column in kept -%}
            lag({{ column }}) over in_order as old_{{ column }},
        {% endfor %}
    from states
    window in_order as (partition by claim_id order by fetched_at)
),

-- another figure, listing or session is another claim under the same number, and no changed verdict
changed as (
    select
        *,
        row_number() over (partition by claim_id order by fetched_at) as change_number,
    from followed
    where
        verdict <> old_verdict
        and stated_text = old_stated_text
        and symbol is not distinct from old_symbol
        and session_date is not distinct from old_session_date
)

select
    claim_id || '|' || change_number as verdict_change_id,
    claim_id,
    change_number,
    symbol,
    session_date,
    stated_text,
    old_version,
    old_verdict,
    verdict as new_verdict,
    old_basis,
    basis as new_basis,
    old_derived_value,
    derived_value as new_derived_value,
    old_close,
    close as new_close,
    old_previous_close,
    previous_close as new_previous_close,
    old_price_snapshot,
    price_snapshot as new_price_snapshot,
    old_prices_fetched_at,
    prices_fetched_at as new_prices_fetched_at,
from changed
