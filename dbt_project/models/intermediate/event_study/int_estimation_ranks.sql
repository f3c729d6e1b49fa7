-- Rank of each standardised abnormal return among those of the estimation window alone.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'generalised_ranks'
),

rank_values as (
    select rank_values.*
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
    count(*) over (partition by subject_key, model) as observations,
    rank() over (partition by subject_key, model order by standardised)
    + (count(*) over (partition by subject_key, model, standardised) - 1) / 2.0 as midrank,
from rank_values
