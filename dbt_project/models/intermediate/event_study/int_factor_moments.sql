-- noqa: disable=LT02,LT05,RF02
-- The columns are made by loops, whose layout the linter cannot judge.
-- Sums of squares and products about the means of each subject of a factor study, each return
-- weighted by 1 / k (see int_estimation_moments). Two passes, so that no mean swallows what varies;
-- the second in 128ths, so that squares are no tiny numbers.
{%- set slots = range(1, var('factor_slots') + 1) %}
with returns as (
    select * from {{ ref('int_factor_returns') }}
    where not is_event_window
),

means as (
    select
        subject_key,
        sum(k) as sessions,
        {{ order_free_sum('r') }} / sum(k) as r_mean,
        {%- for j in slots %}
        {{ order_free_sum('x_' ~ j) }} / sum(k) as x_{{ j }}_mean,
        {%- endfor %}
    from returns
    group by subject_key
),

deviations as (
    select
        returns.subject_key,
        returns.k,
        returns.session_date,
        returns.rests_on_correction,
        128 * (returns.r - returns.k * means.r_mean) as y,
        {%- for j in slots %}
        128 * (returns.x_{{ j }} - returns.k * means.x_{{ j }}_mean) as d_{{ j }},
        {%- endfor %}
    from returns
    inner join means on returns.subject_key = means.subject_key
),

squared as (
    select
        subject_key,
        count(*) as observations,
        min(session_date) as estimation_first_session_date,
        max(session_date) as estimation_last_session_date,
        bool_or(rests_on_correction) as rests_on_correction,
        {{ order_free_sum('y * y / k') }} / 16384 as yy,
        {%- for j in slots %}
        {{ order_free_sum('y * d_' ~ j ~ ' / k') }} / 16384 as y_{{ j }},
        {%- for i in range(1, j + 1) %}
        {{ order_free_sum('d_' ~ j ~ ' * d_' ~ i ~ ' / k') }} / 16384 as s_{{ j }}_{{ i }},
        {%- endfor %}
        {%- endfor %}
    from deviations
    group by subject_key
)

select
    means.*,
    squared.* exclude (subject_key),
from means
inner join squared on means.subject_key = squared.subject_key
