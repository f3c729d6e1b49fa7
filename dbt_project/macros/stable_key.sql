{# A number of 64 bits that stands for the values of some columns in this build and in the next. #}
{% macro stable_key(columns) -%}
    md5_number_lower(cast(({{ columns | join(', ') }}) as varchar))
{%- endmacro %}
