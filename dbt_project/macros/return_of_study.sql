{# The simple or the log return, whichever the study asks for; `whose` is '' or 'benchmark_'. #}
{% macro return_of_study(whose) -%}
    case subjects.return_type
        when 'log' then returns.{{ whose }}log_return
        else returns.{{ whose }}simple_return
    end
{%- endmacro %}
