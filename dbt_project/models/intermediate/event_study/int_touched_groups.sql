-- The groups that this build tests: those of which a member came, went or changed, with the groups
-- of all over the same event. The lengths of their estimation windows are one group here, because a
-- specification curve counts them together.
with touched as (
    select
        study_id,
        event_id,
        pooled,
        group_name,
    from {{ ref('int_touched_subjects') }}
    union
    select
        study_id,
        event_id,
        pooled,
        group_name,
    from {{ ref('int_stale_subjects') }}
),

labelled as (
    select * from touched
    union
    select * replace ('all' as group_name)
    from touched
),

distinguished as (
    select distinct
        study_id,
        case when pooled = 'event' then event_id end as event_id,
        group_name,
    from labelled
)

select
    study_id,
    event_id,
    group_name,
    {{ stable_key(['study_id', 'event_id', 'group_name']) }} as group_number,
from distinguished
