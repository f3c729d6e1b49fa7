{# The type of a model's name: a number of one byte that reads as its word. The joins of the event
   study compare it millions of times; marts give the word itself. #}
{% macro model_type() -%}
    enum (
        'mean_adjusted', 'market_adjusted', 'market_model', 'scholes_williams', 'multi_factor'
    )
{%- endmacro %}
