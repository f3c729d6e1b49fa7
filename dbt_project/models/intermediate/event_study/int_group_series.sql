-- The abnormal returns of each group over the sessions of the estimation window.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'series'
),

fitted as (
    select
        buckets.*,
        groups.group_key,
        estimations.model,
        estimations.needs_benchmark,
        estimations.alpha,
        estimations.beta,
        moments.mean_per_session,
        1.0 / sqrt(moments.deviation_squares) as scale,
    from {{ ref('int_group_subjects') }} as groups
    inner join asking on groups.study_id = asking.study_id
    inner join {{ ref('int_subject_buckets') }} as buckets
        on groups.subject_key = buckets.subject_key
    inner join {{ ref('int_estimations') }} as estimations
        on groups.subject_key = estimations.subject_key
    inner join {{ ref('int_residual_moments') }} as moments
        on
            groups.subject_key = moments.subject_key
            and estimations.model = moments.model
    where moments.deviation_squares > 0
),

residuals as (
    {{ estimation_residuals('fitted') }}
)

select
    group_key,
    model,
    relative_session,
    count(*) as n,
    {{ order_free_sum('a') }} as abnormal_return_sum,
    {{ order_free_sum('(a - k * mean_per_session) * scale') }} as scaled_sum,
from residuals
group by group_key, model, relative_session
