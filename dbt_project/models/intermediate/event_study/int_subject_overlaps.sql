with subjects as (select * from {{ ref('int_study_subjects') }}),

neighboured as (
    select
        subject_key,
        event_first_index,
        event_last_index,
        lag(event_last_index) over by_day as last_index_before,
        lead(event_first_index) over by_day as first_index_after,
        first_value(event_id) over (
            partition by study_id, symbol, estimation_sessions, day_0_session_index
            order by announced_at, event_id
        ) as first_event_id,
        event_id,
    from subjects
    where day_0_session_index is not null
    window by_day as (
        partition by study_id, symbol, estimation_sessions
        order by day_0_session_index, announced_at, event_id
    )
)

select
    subject_key,
    -- event windows of one study are equally long, so that the neighbours decide
    coalesce(last_index_before >= event_first_index, false)
    or coalesce(first_index_after <= event_last_index, false) as is_overlapping,
    case when event_id <> first_event_id then first_event_id end as duplicates_event_id,
from neighboured
