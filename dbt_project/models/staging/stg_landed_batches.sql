{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='file') }}

with files as (
    select
        file,
        regexp_extract(file, '([^/]+)/[^/]+$', 1) as source,
        regexp_extract(file, '([^/]+)[.]parquet$', 1) as batch,
    from glob('landing/*/*.parquet')
)

select
    files.file,
    files.source,
    files.batch,
    {% if is_incremental() %}
        (files.source, files.batch) not in (
            select (before.source, before.batch) from {{ this }} as before
        ) as is_new,
        true as is_continued,
    {% else %}
        false as is_new,
        false as is_continued,
    {% endif %}
from files
