{# A sum of doubles that does not depend on the order of its rows: two builds give the same bits,
   whatever rows lie beside those of a group and in whichever order a join returns them. Adding and
   taking away a large number cuts a term to a multiple of a power of two; sums of such multiples are
   exact while they fit a double. Demmel and Nguyen (2013), Proceedings of the 21st IEEE Symposium on
   Computer Arithmetic, 163-172. Beyond the bounds below it is a sum like any other.

   Without `bound`, a term is cut into a multiple of 2^-24 and one of 2^-60: exact for sums up to 5e8
   and 262,144 rows, and a term loses what lies below 2^-61.
   With `bound`, a power of two that neither a term nor the sum exceeds, one cut at `bound` / 2^51 does. #}
{% macro order_free_sum(x, bound=none) -%}
    {%- if bound -%}
    sum(({{ x }}) + {{ 3 * bound }}e0 - {{ 3 * bound }}e0)
    {%- else -%}
    {%- set coarse = "((" ~ x ~ ") + 402653184e0 - 402653184e0)" -%}
    (sum({{ coarse }}) + sum((({{ x }}) - {{ coarse }}) + 0.005859375e0 - 0.005859375e0))
    {%- endif -%}
{%- endmacro %}

{# A product likewise. Factors may be negative or zero: a model can expect to lose more than all. #}
{% macro order_free_product(x) -%}
    exp({{ order_free_sum("ln(nullif(abs(" ~ x ~ "), 0))") }})
    * case
        when bool_or({{ x }} = 0) then 0.0
        when count_if({{ x }} < 0) % 2 = 1 then -1.0
        else 1.0
    end
{%- endmacro %}
