-- noqa: disable=LT02,LT05
-- The columns are made by loops, whose layout the linter cannot judge.
-- The returns of each subject of a factor study over both of its windows, with those of its factors
-- between the same two closes. An estimation session without every one of them has no row; one of
-- the event window stays, without the factors.
{%- set slots = range(1, var('factor_slots') + 1) %}
with levels as (select * from {{ ref('int_factor_levels') }}),

subjects as (
    select
        asked.*,
        unnest(
            range(asked.estimation_first_index // 64, asked.event_last_index // 64 + 1)
        ) as session_bucket,
    from {{ ref('int_touched_subjects') }} as asked
    inner join {{ ref('int_study_models') }} as study_models
        on asked.study_id = study_models.study_id
    where asked.day_0_session_index is not null and study_models.has_factors
),

observed as (
    select
        buckets.subject_key,
        buckets.study_id,
        buckets.is_log,
        cast(returns.session_index - buckets.day_0_session_index as integer) as relative_session,
        returns.session_index >= buckets.event_first_index as is_event_window,
        returns.session_date,
        returns.previous_session_date,
        cast(returns.sessions_spanned as double) as k,
        returns.rests_on_correction,
        {{ return_of_study('') }} as r,
        {{ return_of_study('benchmark_') }} as b,
    from {{ ref('int_paired_returns') }} as returns
    inner join subjects as buckets
        on
            returns.instrument_key = buckets.instrument_key
            and returns.session_index // 64 = buckets.session_bucket
    where
        returns.session_index between
        buckets.estimation_first_index and buckets.estimation_last_index
        or returns.session_index between buckets.event_first_index and buckets.event_last_index
)

select
    observed.subject_key,
    observed.relative_session,
    observed.is_event_window,
    observed.session_date,
    observed.k,
    observed.rests_on_correction,
    observed.r,
    {%- for j in slots %}
    case
        when level_now.benchmark_slot = {{ j }} then observed.b
        when level_now.regressors < {{ j }} then 0.0
        when observed.is_log
            then cast(level_now.log_level_{{ j }} - level_before.log_level_{{ j }} as double)
        else exp(cast(level_now.log_level_{{ j }} - level_before.log_level_{{ j }} as double)) - 1.0
    end as x_{{ j }},
    {%- endfor %}
from observed
left join levels as level_now
    on
        observed.study_id = level_now.study_id
        and observed.session_date = level_now.session_date
        and level_now.known = level_now.regressors
left join levels as level_before
    on
        observed.study_id = level_before.study_id
        and observed.previous_session_date = level_before.session_date
        and level_before.known = level_before.regressors
where
    observed.is_event_window
    or (
        level_now.regressors is not null
        and level_before.regressors is not null
        and (level_now.benchmark_slot is null or observed.b is not null)
    )
