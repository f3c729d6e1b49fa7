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

{# The rows of the batches that the build before had not seen; none in a build from landing. #}
{% macro newly_landed(source_name) -%}
    select *
    from {{ source('landing', source_name) }}
    where filename in ({{ batch_files(source_name, 'is_new') }})
{%- endmacro %}

{# What differs between the snapshot of the build before and the latest: rows that went and rows
   that came. Both are still in landing. #}
{% macro snapshot_changes(source_name, columns) -%}
    {%- set before = batch_files(source_name, 'not is_new', 'max(file)') -%}
    {%- set after = batch_files(source_name, 'true', 'max(file)') -%}
    {%- if before == after -%}
        {%- set before, after = "''", "''" -%}
    {%- endif -%}
    {%- set rows = 'select ' ~ columns ~ ' from ' ~ source('landing', source_name) -%}
    select *, true as is_gone
    from ({{ rows }} where filename = {{ before }} except {{ rows }} where filename = {{ after }})
    union all
    select *, false as is_gone
    from ({{ rows }} where filename = {{ after }} except {{ rows }} where filename = {{ before }})
{%- endmacro %}

{# Files as literals, so that a scan opens no other. #}
{% macro batch_files(source_name, condition, files='file') -%}
    {%- set batches = ref('stg_landed_batches') -%}
    {%- set found = [] -%}
    {%- if execute and model.resource_type == 'model' -%}
        {%- set asked -%}
            select {{ files }} from {{ batches }}
            where source = '{{ source_name }}' and {{ condition }}
        {%- endset -%}
        {%- for file in run_query(asked).columns[0].values() if file -%}
            {%- do found.append("'" ~ file | replace("'", "''") ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- found | join(', ') or "''" -}}
{%- endmacro %}

{# Every version of the bars that a build has to look at: of all, or of the changed ones. #}
{% macro changed_bar_versions() -%}
    select *
    from {{ ref('stg_daily_bar_versions') }} as every
    {%- if is_incremental() or not execute %}
    {%- set changed = ref('stg_changed_bars') %}
    where
        (symbol, session_date) in (select (symbol, from_session_date) from {{ changed }})
        and {{ bounds(changed, 'from_session_date') if execute else 'true' }}
    {%- endif %}
{%- endmacro %}
