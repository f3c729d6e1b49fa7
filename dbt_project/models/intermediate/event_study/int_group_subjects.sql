-- Which studied subjects are tested together: those of one event and group, or of one group over
-- all events of a study that pools them. The group `all` holds everyone.
with subjects as (select * from {{ ref('int_study_subjects') }}),

exclusions as (
    select * from {{ ref('int_study_exclusions') }}
    where reason is null
),

studied as (
    select
        subjects.subject_key,
        subjects.study_id,
        subjects.estimation_sessions,
        subjects.is_main,
        subjects.group_name,
        case when subjects.pooled = 'event' then subjects.event_id end as event_id,
    from subjects
    inner join exclusions on subjects.subject_key = exclusions.subject_key
),

labelled as (
    select * from studied
    -- a group that is named so would stand in the union twice
    where group_name <> 'all'
    union all
    select * replace ('all' as group_name)
    from studied
)

select
    cast(
        dense_rank() over (
            order by study_id, event_id, group_name, estimation_sessions
        ) as integer
    ) as group_key,
    subject_key,
    study_id,
    event_id,
    group_name,
    estimation_sessions,
    is_main,
from labelled
