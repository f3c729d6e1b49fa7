-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- Compounded level of each factor of a study, in the column of its place in the study's list: the
-- return of a factor between any two sessions is one difference. The logarithms are added up in
-- decimals, which is exact: that return does not depend on what came before.
{%- set slots = range(1, var('factor_slots') + 1) %}
with study_models as (
    select * from {{ ref('int_study_models') }}
    where has_factors
),

slots as (
    select
        study_id,
        unnest(regressors) as factor,
        generate_subscripts(regressors, 1) as slot,
    from study_models
),

levels as (
    select
        factor,
        session_date,
        sum(cast(ln(1.0 + value) as decimal(38, 20))) over (
            partition by factor
            order by session_date
        ) as log_level,
    from {{ ref('stg_factor_returns') }}
),

dates as (
    select distinct session_date from {{ ref('int_trading_sessions') }}
)

select
    slots.study_id,
    dates.session_date,
    count(*) as regressors,
    count(*) filter (where slots.factor = 'benchmark' or levels.log_level is not null) as known,
    max(slots.slot) filter (where slots.factor = 'benchmark') as benchmark_slot,
    {%- for j in slots %}
    max(case when slots.slot = {{ j }} then levels.log_level end) as log_level_{{ j }},
    {%- endfor %}
from slots
cross join dates
left join levels
    on
        slots.factor = levels.factor
        and dates.session_date = levels.session_date
group by slots.study_id, dates.session_date
