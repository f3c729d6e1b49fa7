{# Every batch of a source that was known at `var('as_of')`, or all of them. #}
{% macro landed(source_name) -%}
    select
        *,
        regexp_extract(filename, '([^/]+)[.]parquet$', 1) as batch
    from {{ source('landing', source_name) }}
    {%- if var('as_of') %}
    where fetched_at <= cast('{{ var("as_of") }}' as timestamptz)
    {%- endif %}
{%- endmacro %}

{# The newest batch of a source that lands whole snapshots. #}
{% macro latest_snapshot(source_name) -%}
    select *
    from ({{ landed(source_name) }}) as known
    where fetched_at = (select max(fetched_at) from ({{ landed(source_name) }}) as every_batch)
{%- endmacro %}
