{{ config(materialized='view') }}

-- A number for each study and month that changes with any of the factor returns of that month.
with study_models as (
    select * from {{ ref('int_study_models') }}
    where has_factors
),

factors as (
    select
        study_id,
        unnest(regressors) as factor,
    from study_models
)

select
    factors.study_id,
    date_trunc('month', returns.session_date) as month,
    bit_xor(
        {{ stable_key(['returns.factor', 'returns.session_date', 'returns.value']) }}
    ) as month_fingerprint,
from factors
inner join {{ ref('stg_factor_returns') }} as returns on factors.factor = returns.factor
group by factors.study_id, date_trunc('month', returns.session_date)
