{# The simple or the log return, whichever the study asks for; `whose` is '', 'benchmark_',
   'previous_' and so on. #}
{% macro return_of_study(whose) -%}
    case buckets.return_type
        when 'log' then returns.{{ whose }}log_return
        else returns.{{ whose }}simple_return
    end
{%- endmacro %}
