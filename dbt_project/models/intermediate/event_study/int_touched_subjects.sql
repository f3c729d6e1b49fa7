-- The subjects that this build studies: all of them, or in a continued build those that are new, that
-- rest on something else than before, or in whose windows a return or the bar of day 0 has changed.
{%- set before = built_before('int_study_exclusions') %}
with subjects as (
    select
        subjects.*,
        fingerprints.fingerprint,
    from {{ ref('int_study_subjects') }} as subjects
    inner join {{ ref('int_subject_fingerprints') }} as fingerprints
        on subjects.subject_key = fingerprints.subject_key
)

{%- if not is_continued() or (execute and not before) %}

select * from subjects
{%- else %},

changed as (
    select subjects.subject_key
    from subjects
    left join {{ before or this }} as before on subjects.subject_key = before.subject_key
    where subjects.fingerprint is distinct from before.fingerprint
    union
    select subjects.subject_key
    from subjects
    inner join {{ ref('int_changed_returns') }} as changed_returns
        on
            subjects.instrument_key = changed_returns.instrument_key
            and changed_returns.session_index
            between subjects.estimation_first_index and subjects.event_last_index
    union
    select subjects.subject_key
    from subjects
    inner join {{ ref('int_touched_prices') }} as touched
        on
            subjects.symbol = touched.symbol
            and subjects.day_0_session_date
            between touched.from_session_date and touched.until_session_date
)

select subjects.*
from subjects
inner join changed on subjects.subject_key = changed.subject_key
{%- endif %}
