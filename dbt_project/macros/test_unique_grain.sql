{# Fails for each combination of the columns that stands in more than one row, or holds a null. #}
{% test unique_grain(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}

{% endtest %}

{# Fails for each row in which the expression is not true; a null counts as a failure. #}
{% test expression_is_true(model, expression, where_clause="true") %}

select *
from {{ model }}
where ({{ where_clause }}) and ({{ expression }}) is not true

{% endtest %}
