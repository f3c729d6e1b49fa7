{# What weighted_returns() makes, of which windows are summed. #}
{% macro weighted_columns() -%}
    {{ return(['r', 'k', 'rr', 'paired_r', 'paired_k', 'paired_rr', 'b', 'bb', 'rb']) }}
{%- endmacro %}
