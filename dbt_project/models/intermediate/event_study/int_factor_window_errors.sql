-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- What the uncertainty of the factors' slopes adds to the variance of each window's CAR.
{%- set slots = range(1, var('factor_slots') + 1) %}
with fits as (
    select * from {{ ref('int_factor_fits') }}
    where is_event_window
),

subjects as (select * from {{ ref('int_touched_subjects') }}),

windows as (select * from {{ ref('int_study_windows') }})

select
    fits.subject_key,
    windows.window_name,
    {% for j in slots -%}
    pow({{ order_free_sum('fits.deviation_' ~ j) }}, 2) {% if not loop.last %}+ {% endif %}
    {%- endfor %} as deviation_squares,
from fits
inner join subjects on fits.subject_key = subjects.subject_key
inner join windows
    on
        subjects.study_id = windows.study_id
        and fits.relative_session between windows.window_first and windows.window_last
group by fits.subject_key, windows.window_name
