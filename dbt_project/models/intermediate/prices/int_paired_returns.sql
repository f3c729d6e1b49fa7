-- noqa: disable=AM04,LT02
-- The columns are those of macros/paired_returns.sql. What changes is found before it is replaced
{{ runs_after('int_touched_pairs') }}
{{ runs_after('int_changed_returns') }}
{{ config(materialized='incremental', meta={'touched': 'int_touched_returns'}) }}

{% if is_incremental() -%}
select * from {{ ref('int_touched_pairs') }}
{%- else -%}
select * from (
    {{ paired_returns(is_continued=false) }}
)
{%- endif %}
order by symbol, session_date
