{# The returns of the estimation window for each row of `relation`, a CTE of int_subject_buckets with
   whatever each subject brings along: joining that first keeps the large join the only one. #}
{% macro estimation_returns(relation) -%}
    select
        buckets.* exclude (
            instrument_key, session_bucket, estimation_first_index, estimation_last_index,
            day_0_session_index, is_log
        ),
        cast(returns.session_index - buckets.day_0_session_index as integer) as relative_session,
        returns.session_date,
        cast(returns.sessions_spanned as double) as k,
        returns.rests_on_correction as return_rests_on_correction,
        {{ return_of_study('') }} as r,
        {{ return_of_study('benchmark_') }} as b,
        -- the return before it, where that one lies in the window too
        case
            when
                returns.session_index - returns.sessions_spanned
                >= buckets.estimation_first_index
                then cast(returns.previous_sessions_spanned as double)
        end as previous_k,
        returns.previous_sessions_spanned,
        {{ return_of_study('previous_') }} as previous_r,
        {{ return_of_study('previous_benchmark_') }} as previous_b,
        {{ return_of_study('next_benchmark_') }} as next_b,
    from {{ ref('int_paired_returns') }} as returns
    inner join {{ relation }} as buckets
        on
            returns.instrument_key = buckets.instrument_key
            and returns.session_index // 64 = buckets.session_bucket
    where
        returns.session_index between
        buckets.estimation_first_index and buckets.estimation_last_index
{%- endmacro %}

{# The abnormal returns of the estimation window for each row of `relation`, a CTE of
   int_subject_buckets and int_estimations; `previous_a` belongs to the return before it. A model of
   factors brings its own from int_factor_fits. #}
{% macro estimation_residuals(relation) -%}
    select
        * exclude (
            r, b, previous_sessions_spanned, previous_r, previous_b, next_b, session_date,
            return_rests_on_correction
        ),
        case
            when needs_benchmark then r - k * alpha - beta * b
            else r - k * alpha
        end as a,
        case
            when needs_benchmark
                then previous_r - previous_k * alpha - beta * previous_b
            else previous_r - previous_k * alpha
        end as previous_a,
    from ({{ estimation_returns(relation) }})
    where model <> 'multi_factor' and (b is not null or not needs_benchmark)
    union all by name
    select
        {{ relation }}.* exclude (
            instrument_key, session_bucket, estimation_first_index, estimation_last_index,
            day_0_session_index, is_log
        ),
        fits.relative_session,
        fits.k,
        fits.previous_k,
        fits.abnormal_return as a,
        fits.previous_abnormal_return as previous_a,
    from {{ relation }}
    inner join {{ ref('int_factor_fits') }} as fits
        on {{ relation }}.subject_key = fits.subject_key
    where
        {{ relation }}.model = 'multi_factor'
        -- a subject stands in `relation` once for each of its buckets
        and {{ relation }}.session_bucket = {{ relation }}.estimation_first_index // 64
        and not fits.is_event_window
{%- endmacro %}
