-- Ranks of each member's abnormal returns among its own, by session: Corrado (1989), Journal of
-- Financial Economics 23, 385-395; missing sessions and the second variant: Corrado and Zivney
-- (1992), Journal of Financial and Quantitative Analysis 27, 465-478.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'ranks'
),

groups as (
    select
        groups.group_key,
        groups.subject_key,
    from {{ ref('int_group_subjects') }} as groups
    inner join asking on groups.study_id = asking.study_id
),

asked as (select distinct subject_key from groups),

rank_values as (
    select rank_values.*
    from {{ ref('int_rank_values') }} as rank_values
    inner join asked on rank_values.subject_key = asked.subject_key
),

-- a member's own ranks are the same in each of its groups
ranked as (
    select
        subject_key,
        model,
        relative_session,
        {{ rank_share('subject_key, model', 'abnormal_return') }} as share,
    from rank_values
),

summed as (
    select
        groups.group_key,
        ranked.model,
        ranked.relative_session,
        count(*) as n,
        {{ order_free_sum('ranked.share') }} as rank_sum,
    from ranked
    inner join groups on ranked.subject_key = groups.subject_key
    group by groups.group_key, ranked.model, ranked.relative_session
),

days as (select * from {{ ref('int_rank_days') }}),

-- the event itself may widen the spread of a day: it is taken out where there is one to measure
restandardised as (
    select
        groups.group_key,
        rank_values.subject_key,
        rank_values.model,
        rank_values.relative_session,
        rank_values.standardised
        / case when days.deviation > 1e-12 * abs(days.mean) then days.deviation else 1.0 end
            as restandardised,
    from rank_values
    inner join groups on rank_values.subject_key = groups.subject_key
    left join days
        on
            groups.group_key = days.group_key
            and rank_values.model = days.model
            and rank_values.relative_session = days.relative_session
),

reranked as (
    select
        group_key,
        model,
        relative_session,
        {{ rank_share('group_key, subject_key, model', 'restandardised') }} as share,
    from restandardised
),

resummed as (
    select
        group_key,
        model,
        relative_session,
        {{ order_free_sum('share') }} as rank_sum,
    from reranked
    group by group_key, model, relative_session
)

select
    summed.group_key,
    summed.model,
    summed.relative_session,
    summed.n,
    summed.rank_sum / sqrt(summed.n) as rank_sum,
    resummed.rank_sum / sqrt(summed.n) as restandardised_rank_sum,
from summed
inner join resummed using (group_key, model, relative_session)
