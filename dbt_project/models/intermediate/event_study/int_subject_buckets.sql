{{ config(materialized='view') }}

-- The estimation window of each subject cut into buckets of 64 sessions. A range of sessions
-- becomes an equality on (instrument, bucket), which a hash join can use, and a filter behind it.
with subjects as (
    select * from {{ ref('int_study_subjects') }}
    where day_0_session_index is not null and instrument_key is not null
)

select
    subject_key,
    instrument_key,
    cast(
        unnest(range(estimation_first_index // 64, estimation_last_index // 64 + 1)) as integer
    ) as session_bucket,
    estimation_first_index,
    estimation_last_index,
    day_0_session_index,
    is_log,
from subjects
