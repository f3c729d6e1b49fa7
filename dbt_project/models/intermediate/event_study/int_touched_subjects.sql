-- noqa: disable=LT02,AM04
-- Its columns are those of int_study_subjects, and what makes the list of keys differs.
-- The subjects that this build studies: all, or in a continued build those that are new, that
-- rest on other facts than before, or in whose windows a return or the bar of day 0 has changed.
{%- set before = built_before('int_study_exclusions') %}
with facts as (
    select
        facts.subject_key,
        {{ stable_key(['facts']) }} as fingerprint,
    from {{ ref('int_subject_facts') }} as facts
),

subjects as (
    select
        subjects.*,
        facts.fingerprint,
    from {{ ref('int_study_subjects') }} as subjects
    inner join facts on subjects.subject_key = facts.subject_key
),

touched as (
{%- if execute and not (is_continued() and before) %}
    select subject_key from subjects
{%- else %}
    select subjects.subject_key
    from subjects
    left join {{ before or ref('int_subject_facts') }} as before
        on subjects.subject_key = before.subject_key
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
    inner join {{ ref('int_touched_prices') }} as touched_prices
        on
            subjects.symbol = touched_prices.symbol
            and subjects.day_0_session_date
            between touched_prices.from_session_date and touched_prices.until_session_date
{%- endif %}
)

select subjects.*
from subjects
inner join touched on subjects.subject_key = touched.subject_key
