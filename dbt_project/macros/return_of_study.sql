{# The simple or the log return, whichever the study asks for; `whose` is '', 'benchmark_',
   'previous_' and so on. #}
{% macro return_of_study(whose) -%}
    case
        when buckets.is_log then returns.{{ whose }}log_return
        else returns.{{ whose }}simple_return
    end
{%- endmacro %}

{# Return, sessions and benchmark return of a row, each product divided by the sessions it spans; what
   is `paired` is null where the benchmark has no return. #}
{% macro weighted_returns() -%}
    cast(returns.sessions_spanned as double) as k,
        {{ return_of_study('') }} as r,
        {{ return_of_study('benchmark_') }} as b,
        r * r / k as rr,
        case when b is not null then r end as paired_r,
        case when b is not null then k end as paired_k,
        case when b is not null then r * r / k end as paired_rr,
        b * b / k as bb,
        r * b / k as rb
{%- endmacro %}
