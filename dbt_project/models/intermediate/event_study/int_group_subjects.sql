-- Which studied subjects are tested together in this build: those of one event and group, or of one
-- group over all events of a study that pools them. The group `all` holds everyone.
with subjects as (select * from {{ ref('int_study_subjects') }}),

touched_groups as (select * from {{ ref('int_touched_groups') }}),

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
    -- one for each length, without a hash for each member
    xor(touched_groups.group_number, cast(labelled.estimation_sessions as ubigint)) as group_key,
    labelled.subject_key,
    labelled.study_id,
    labelled.event_id,
    labelled.group_name,
    labelled.estimation_sessions,
    labelled.is_main,
from labelled
inner join touched_groups
    on
        labelled.study_id = touched_groups.study_id
        and labelled.event_id is not distinct from touched_groups.event_id
        and labelled.group_name = touched_groups.group_name
