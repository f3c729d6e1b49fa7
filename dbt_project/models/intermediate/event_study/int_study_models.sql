{{ config(materialized='view') }}

with studies as (select * from {{ ref('stg_studies') }}),

unnested as (
    select
        study_id,
        factors,
        unnest(string_split(models, ' ')) as model,
    from studies
),

-- the factors of multi_factor are data; `benchmark` among them is each instrument's own
described as (
    select
        *,
        case model
            when 'multi_factor' then string_split(factors, ' ')
            when 'mean_adjusted' then []
            else ['benchmark']
        end as regressors,
    from unnested
)

select
    study_id,
    cast(model as {{ model_type() }}) as model,
    regressors,
    list_contains(regressors, 'benchmark') as needs_benchmark,
    model <> 'market_adjusted' as has_estimated_alpha,
    model in ('market_model', 'scholes_williams') as has_estimated_beta,
    model = 'multi_factor' as has_factors,
from described
