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

{# The newest batch of a source that lands whole snapshots. It is found by its file, not by its rows:
   a snapshot that a person emptied has none, and must not bring the one before it back. #}
{% macro latest_snapshot(source_name) -%}
    {%- set stamp = "strptime(regexp_extract(file, '([0-9T]+)Z-[^/]*$', 1), '%Y%m%dT%H%M%S%f')" -%}
    select *
    from {{ source('landing', source_name) }}
    where filename = (
        select max(file)
        from glob('landing/{{ source_name }}/*.parquet')
        {%- if var('as_of') %}
        where {{ stamp }} <= cast('{{ var("as_of") }}' as timestamptz) at time zone 'UTC'
        {%- endif %}
    )
{%- endmacro %}
