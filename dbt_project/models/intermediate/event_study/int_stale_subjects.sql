-- noqa: disable=LT02
-- The subjects whose results of the build before are deleted: those that this build studies again,
-- and those that nobody asks for any more.
{%- set before = built_before('int_study_exclusions') %}
select
    before.subject_key,
    before.event_id,
    before.study_id,
    before.symbol,
    before.group_name,
    before.pooled,
    before.is_main,
from {{ before if before and is_continued() else ref('int_touched_subjects') }} as before
left join {{ ref('int_study_subjects') }} as subjects on before.subject_key = subjects.subject_key
left join {{ ref('int_touched_subjects') }} as touched on before.subject_key = touched.subject_key
where
    (subjects.subject_key is null or touched.subject_key is not null)
    {%- if execute and not (is_continued() and before) %}
    and false
    {%- endif %}
