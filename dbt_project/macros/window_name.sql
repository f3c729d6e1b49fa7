{# The name of a window, such as `[-1,+1]`. #}
{% macro window_name(first, last) -%}
    '[' || if({{ first }} > 0, '+', '') || {{ first }} || ','
    || if({{ last }} > 0, '+', '') || {{ last }} || ']'
{%- endmacro %}
