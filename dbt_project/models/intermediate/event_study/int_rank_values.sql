-- The abnormal returns of estimation and event window that a rank test ranks, as they are and
-- standardised.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs in ('ranks', 'generalised_ranks')
),

asked as (
    select distinct groups.subject_key
    from {{ ref('int_group_subjects') }} as groups
    inner join asking on groups.study_id = asking.study_id
),

fitted as (
    select
        buckets.*,
        estimations.model,
        estimations.needs_benchmark,
        estimations.alpha,
        estimations.beta,
        estimations.sigma,
    from {{ ref('int_subject_buckets') }} as buckets
    inner join asked on buckets.subject_key = asked.subject_key
    inner join {{ ref('int_estimations') }} as estimations
        on buckets.subject_key = estimations.subject_key
    where estimations.sigma > 0
),

residuals as (
    {{ estimation_residuals('fitted') }}
)

select
    subject_key,
    model,
    relative_session,
    false as is_event_window,
    a as abnormal_return,
    a / (sigma * sqrt(k)) as standardised,
from residuals
union all
select
    returns.subject_key,
    returns.model,
    returns.relative_session,
    true as is_event_window,
    returns.abnormal_return,
    returns.abnormal_return / returns.prediction_error as standardised,
from {{ ref('int_window_returns') }} as returns
inner join asked on returns.subject_key = asked.subject_key
where returns.prediction_error > 0 and returns.abnormal_return is not null
