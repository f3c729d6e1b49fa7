-- The returns of each subject of a factor study over both of its windows, with those of its factors
-- between the same two closes. A session without every one of them has no row.
{%- set slots = range(1, var('factor_slots') + 1) %}
with levels as (select * from {{ ref('int_factor_levels') }}),

subjects as (
    select
        *,
        unnest(range(estimation_first_index // 64, event_last_index // 64 + 1)) as session_bucket,
    from {{ ref('int_study_subjects') }}
    where
        day_0_session_index is not null
        and study_id in (select study_id from {{ ref('int_study_models') }} where has_factors)
),

observed as (
    select
        buckets.subject_key,
        buckets.study_id,
        buckets.return_type,
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
        when observed.return_type = 'log'
            then level_now.log_level_{{ j }} - level_before.log_level_{{ j }}
        else exp(level_now.log_level_{{ j }} - level_before.log_level_{{ j }}) - 1.0
    end as x_{{ j }},
    {%- endfor %}
from observed
inner join levels as level_now
    on
        observed.study_id = level_now.study_id
        and observed.session_date = level_now.session_date
inner join levels as level_before
    on
        observed.study_id = level_before.study_id
        and observed.previous_session_date = level_before.session_date
where
    level_now.known = level_now.regressors
    and level_before.known = level_before.regressors
    and (level_now.benchmark_slot is null or observed.b is not null)
