{# A model lives in the schema that its folder names, not in `<target>_<folder>`. A publication holds
   the marts alone, in its main schema. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if target.name == 'published' -%}
        main
    {%- else -%}
        {{ custom_schema_name | trim if custom_schema_name else target.schema }}
    {%- endif -%}
{%- endmacro %}
