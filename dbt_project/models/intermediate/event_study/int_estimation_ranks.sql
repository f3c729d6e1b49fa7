-- Rank of each standardised abnormal return among those of the estimation window alone.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'generalised_ranks'
),

rank_values as (
    select
        rank_values.subject_key,
        rank_values.model,
        rank_values.relative_session,
        rank_values.standardised,
    from {{ ref('int_rank_values') }} as rank_values
    inner join {{ ref('int_study_subjects') }} as subjects
        on rank_values.subject_key = subjects.subject_key
    inner join asking on subjects.study_id = asking.study_id
    where not rank_values.is_event_window
)

select
    subject_key,
    model,
    relative_session,
    standardised,
    {{ midrank('subject_key, model', 'standardised') }} as midrank,
from rank_values
