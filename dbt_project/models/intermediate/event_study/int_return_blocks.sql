-- noqa: disable=LT02
-- The sums are listed by a loop, whose layout the linter cannot judge.
-- Sums over each 32 sessions of an instrument: a window of 250 sessions is a handful of them and
-- two ragged ends. Each return is weighted by 1 / k (see int_estimation_moments).
with kinds as (
    select distinct is_log from {{ ref('int_touched_subjects') }}
),

returns as (
    select
        buckets.is_log,
        returns.instrument_key,
        returns.session_index // 32 as block,
        returns.session_date,
        returns.rests_on_correction,
        {{ weighted_returns() }},
    from {{ ref('int_paired_returns') }} as returns
    cross join kinds as buckets
    {%- if is_continued() %}
    -- a build from landing studies nearly all of them
    where
        returns.instrument_key in (
            select subjects.instrument_key
            from {{ ref('int_touched_subjects') }} as subjects
        )
    {%- endif %}
)

select
    instrument_key,
    is_log,
    cast(block as integer) as block,
    count(r) as return_observations,
    count(b) as paired_observations,
    min(session_date) as first_session_date,
    max(session_date) as last_session_date,
    bool_or(rests_on_correction) as rests_on_correction,
    {%- for column in weighted_columns() %}
    sum({{ column }}) as {{ column }},
    {%- endfor %}
from returns
group by instrument_key, is_log, block
