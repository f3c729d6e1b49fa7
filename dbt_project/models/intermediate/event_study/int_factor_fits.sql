{{ runs_after('int_stale_subjects') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_stale_subjects', 'key': ['subject_key']}
) }}

-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- What a factor model expects of each session of both windows, and how far the factors stand from
-- their means there, in units of what the estimation knows of them.
{%- set slots = range(1, var('factor_slots') + 1) %}
with estimations as (
    select * from {{ ref('int_factor_estimations') }}
    where not is_singular and degrees_of_freedom > 0
),

returns as (select * from {{ ref('int_factor_returns') }}),

expected as (
    select
        returns.*,
        estimations.sessions,
        sqrt(estimations.residual_squares / estimations.degrees_of_freedom) as sigma,
        returns.k * estimations.alpha
        {%- for j in slots %} + estimations.beta_{{ j }} * returns.x_{{ j }}{% endfor %}
            as expected_return,
        {%- for j in slots %}
        returns.x_{{ j }} - returns.k * estimations.x_{{ j }}_mean
        {%- for m in range(1, j) %} - estimations.l_{{ j }}_{{ m }} * z_{{ m }}{% endfor %} as z_{{ j }},
        z_{{ j }} * estimations.scale_{{ j }} as deviation_{{ j }},
        {%- endfor %}
    from returns
    inner join estimations on returns.subject_key = estimations.subject_key
),

abnormal as (
    select
        *,
        r - expected_return as abnormal_return,
        sigma * sqrt(
            k + k * k / sessions
            {%- for j in slots %} + deviation_{{ j }} * deviation_{{ j }}{% endfor %}
        ) as prediction_error,
    from expected
)

select
    subject_key,
    relative_session,
    is_event_window,
    session_date,
    k,
    rests_on_correction,
    r as actual_return,
    expected_return,
    abnormal_return,
    sigma * sqrt(k) as uncorrected_error,
    prediction_error,
    case when lag(relative_session) over by_session = relative_session - k
        then lag(k) over by_session end as previous_k,
    case when lag(relative_session) over by_session = relative_session - k
        then lag(abnormal_return) over by_session end as previous_abnormal_return,
    {%- for j in slots %}
    deviation_{{ j }},
    {%- endfor %}
from abnormal
window by_session as (partition by subject_key, is_event_window order by relative_session)
