{{ config(materialized='view') }}

with studies as (select * from {{ ref('stg_studies') }}),

-- the specification curve repeats a study with estimation windows of other lengths
asked as (
    select
        study_id,
        estimation_sessions as main_sessions,
        minimum_observations,
        estimation_sessions,
    from studies
    union
    select
        study_id,
        estimation_sessions as main_sessions,
        minimum_observations,
        cast(unnest(string_split(specification_estimation_sessions, ' ')) as integer)
            as estimation_sessions,
    from studies
)

select
    study_id,
    estimation_sessions,
    estimation_sessions = main_sessions as is_main,
    -- the same share of the window must be there
    greatest(3, cast(ceil(minimum_observations * estimation_sessions / main_sessions) as integer))
        as minimum_observations,
from asked
