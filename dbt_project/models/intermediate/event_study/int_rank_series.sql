-- Ranks of each member's abnormal returns among its own, by session: Corrado (1989), Journal of
-- Financial Economics 23, 385-395; missing sessions and the second variant: Corrado and Zivney
-- (1992), Journal of Financial and Quantitative Analysis 27, 465-478.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'ranks'
),

members as (
    select
        groups.group_key,
        rank_values.*,
    from {{ ref('int_group_subjects') }} as groups
    inner join asking on groups.study_id = asking.study_id
    inner join {{ ref('int_rank_values') }} as rank_values
        on groups.subject_key = rank_values.subject_key
),

days as (
    select
        group_key,
        model,
        relative_session,
        case
            when stddev_samp(standardised) > 1e-12 * abs(avg(standardised))
                then stddev_samp(standardised)
        end as deviation,
    from members
    where is_event_window
    group by group_key, model, relative_session
),

-- the event itself may widen the spread of a day: it is taken out where there is one to measure
restandardised as (
    select
        members.*,
        members.standardised / coalesce(days.deviation, 1.0) as restandardised,
    from members
    left join days
        on
            members.group_key = days.group_key
            and members.model = days.model
            and members.relative_session = days.relative_session
),

ranked as (
    select
        *,
        count(*) over by_member as observations,
        rank() over (by_member order by abnormal_return)
        + (count(*) over (partition by group_key, subject_key, model, abnormal_return) - 1) / 2.0
            as midrank,
        rank() over (by_member order by restandardised)
        + (count(*) over (partition by group_key, subject_key, model, restandardised) - 1) / 2.0
            as restandardised_midrank,
    from restandardised
    window by_member as (partition by group_key, subject_key, model)
)

select
    group_key,
    model,
    relative_session,
    count(*) as n,
    sum(midrank / (observations + 1.0) - 0.5) / sqrt(count(*)) as rank_sum,
    sum(restandardised_midrank / (observations + 1.0) - 0.5) / sqrt(count(*))
        as restandardised_rank_sum,
from ranked
group by group_key, model, relative_session
