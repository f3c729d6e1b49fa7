{{ config(materialized='view') }}

-- How the standardised abnormal returns of a group spread on each day of the event window.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'ranks'
),

day_values as (
    select
        groups.group_key,
        rank_values.model,
        rank_values.relative_session,
        rank_values.standardised,
    from {{ ref('int_rank_values') }} as rank_values
    inner join {{ ref('int_group_subjects') }} as groups
        on rank_values.subject_key = groups.subject_key
    inner join asking on groups.study_id = asking.study_id
    where rank_values.is_event_window
),

means as (
    select
        group_key,
        model,
        relative_session,
        count(*) as n,
        {{ order_free_sum('standardised') }} / n as mean,
    from day_values
    group by group_key, model, relative_session
),

deviations as (
    select
        day_values.group_key,
        day_values.model,
        day_values.relative_session,
        means.n,
        means.mean,
        day_values.standardised - means.mean as deviation,
    from day_values
    inner join means using (group_key, model, relative_session)
)

select
    group_key,
    model,
    relative_session,
    any_value(mean) as mean,
    sqrt({{ order_free_sum('deviation * deviation') }} / nullif(any_value(n) - 1, 0)) as deviation,
from deviations
group by group_key, model, relative_session
