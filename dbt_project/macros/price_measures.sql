{# The measures that prices can show. #}
{% macro price_measures() -%}
    (
        'price_change',
        'price_level',
        'market_value_change',
        'market_value_level',
        'largest_fall_since',
        'largest_rise_since',
        'recovered_after_early_fall'
    )
{%- endmacro %}
