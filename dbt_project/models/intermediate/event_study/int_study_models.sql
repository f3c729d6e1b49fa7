{{ config(materialized='view') }}

with studies as (select * from {{ ref('stg_studies') }}),

unnested as (
    select
        study_id,
        unnest(string_split(models, ' ')) as model,
    from studies
)

select
    study_id,
    model,
    model <> 'mean_adjusted' as needs_benchmark,
    model <> 'market_adjusted' as has_estimated_alpha,
    model = 'market_model' as has_estimated_beta,
from unnested
