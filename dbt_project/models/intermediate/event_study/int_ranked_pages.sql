-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- The values that generalised rank tests rank, the windows of a member side by side: its estimation
-- window is then read once for a page of windows, not once for each.
{%- set places = range(1, var('windows_of_a_page') + 1) %}
with entered as (
    select
        members.group_key,
        members.subject_key,
        members.model,
        windows.page,
        windows.place,
        members.scar / windows.scar_deviation as value,
    from {{ ref('int_group_members') }} as members
    inner join {{ ref('int_ranked_windows') }} as windows
        using (group_key, model, window_first, window_last)
),

paged as (
    select
        group_key,
        subject_key,
        model,
        page,
        {%- for j in places %}
        max(case when place = {{ j }} then value end) as value_{{ j }},
        {%- endfor %}
    from entered
    group by group_key, subject_key, model, page
)

select
    paged.*,
    estimations.observations,
from paged
inner join {{ ref('int_estimations') }} as estimations
    on
        paged.subject_key = estimations.subject_key
        and paged.model = estimations.model
