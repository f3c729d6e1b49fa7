-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- Least squares on any number of factors: the matrix of their products is split into L D L', which
-- makes of each factor the part that those before it leave unexplained. Golub and Van Loan (2013),
-- Matrix Computations, algorithm 4.1.2. A place without a factor has nothing to explain.
{%- set slots = range(1, var('factor_slots') + 1) %}
with moments as (select * from {{ ref('int_factor_moments') }}),

subjects as (
    select
        subjects.subject_key,
        len(study_models.regressors) as regressors,
    from {{ ref('int_touched_subjects') }} as subjects
    inner join {{ ref('int_study_models') }} as study_models
        on subjects.study_id = study_models.study_id
    where study_models.has_factors
),

step_0 as (
    select
        moments.*,
        subjects.regressors,
    from moments
    inner join subjects on moments.subject_key = subjects.subject_key
),
{% for j in slots %}
pivot_{{ j }} as (
    select
        *,
        s_{{ j }}_{{ j }} {% for m in range(1, j) %}- l_{{ j }}_{{ m }} * l_{{ j }}_{{ m }} * p_{{ m }} {% endfor %}as p_{{ j }},
        regressors >= {{ j }} and p_{{ j }} > 1e-12 * s_{{ j }}_{{ j }} as is_used_{{ j }},
    from step_{{ j - 1 }}
),

step_{{ j }} as (
    select
        *,
        case
            when is_used_{{ j }}
                then
                    (y_{{ j }} {% for m in range(1, j) %}- l_{{ j }}_{{ m }} * p_{{ m }} * g_{{ m }} {% endfor %})
                    / p_{{ j }}
            else 0.0
        end as g_{{ j }},
        {%- for i in range(j + 1, var('factor_slots') + 1) %}
        case
            when is_used_{{ j }}
                then
                    (s_{{ i }}_{{ j }} {% for m in range(1, j) %}- l_{{ i }}_{{ m }} * l_{{ j }}_{{ m }} * p_{{ m }} {% endfor %})
                    / p_{{ j }}
            else 0.0
        end as l_{{ i }}_{{ j }},
        {%- endfor %}
    from pivot_{{ j }}
),
{% endfor %}
solved_{{ var('factor_slots') + 1 }} as (select * from step_{{ var('factor_slots') }})
{%- for j in range(var('factor_slots'), 0, -1) %},

solved_{{ j }} as (
    select
        *,
        g_{{ j }} {% for i in range(j + 1, var('factor_slots') + 1) %}- l_{{ i }}_{{ j }} * beta_{{ i }} {% endfor %}as beta_{{ j }},
    from solved_{{ j + 1 }}
)
{%- endfor %}

select
    subject_key,
    regressors,
    observations,
    observations - regressors - 1 as degrees_of_freedom,
    sessions,
    estimation_first_session_date,
    estimation_last_session_date,
    rests_on_correction,
    {% for j in slots %}cast(is_used_{{ j }} as integer) + {% endfor %}0 < regressors as is_singular,
    r_mean {% for j in slots %}- beta_{{ j }} * x_{{ j }}_mean {% endfor %}as alpha,
    yy,
    greatest(0.0, yy {% for j in slots %}- g_{{ j }} * g_{{ j }} * p_{{ j }} {% endfor %}) as residual_squares,
    {%- for j in slots %}
    beta_{{ j }},
    x_{{ j }}_mean,
    case when is_used_{{ j }} then 1.0 / sqrt(p_{{ j }}) else 0.0 end as scale_{{ j }},
    {%- for m in range(1, j) %}
    l_{{ j }}_{{ m }},
    {%- endfor %}
    {%- endfor %}
from solved_1
