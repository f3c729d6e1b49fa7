{{ config(materialized='view') }}

with studies as (select * from {{ ref('stg_studies') }}),

unnested as (
    select
        study_id,
        unnest(string_split(windows, ' ')) as bounds,
    from studies
),

parsed as (
    select
        study_id,
        cast(split_part(bounds, ':', 1) as integer) as first_session,
        cast(split_part(bounds, ':', 2) as integer) as last_session,
    from unnested
)

select distinct
    study_id,
    {{ window_name('first_session', 'last_session') }} as window_name,
    first_session as window_first,
    last_session as window_last,
from parsed
