{#
    Two-sided p-values in plain arithmetic at a fixed cost, so that any engine can run them. Both keep
    their relative accuracy in the far tail, where `1 - cdf` would return zero: better than 1e-11,
    down to 1e-305 (tests/reference/test_p_values.py).
    A null or NaN statistic and no degrees of freedom give null.
    The arguments are repeated many times: pass columns, not formulas. Literals carry an exponent
    because DuckDB reads any other as DECIMAL.
#}

{# P(|T| > |t|) for Student's t with `df` degrees of freedom, whole or not: I_x(df/2, 1/2) with
   x = df / (df + t^2) (Abramowitz and Stegun 1964, 26.7.1). Beyond `|t| = 1e100` it is 0.
   Small |t|: one minus the complement by its power series, all terms positive.
   Large |t|: Gauss's continued fraction, contracted two levels at a time so that nothing cancels. #}
{% macro student_t_p_value(t, df) -%}
    {%- set n = df -%}
    {%- set w = "(" ~ t ~ " * " ~ t ~ " / " ~ n ~ ")" -%}
    {%- set is_small = w ~ " * (" ~ n ~ " + 20e0) < 8e0" -%}
    case
        when {{ t }} is null or isnan({{ t }}) or {{ n }} is null or {{ n }} <= 0e0 then null
        when abs({{ t }}) > 1e100 then 0e0
        else case when {{ is_small }} then 1e0 else 0e0 end
            + {{ _gamma_ratio(n) }} * 1.1283791670955126e0
            * exp(-0.5e0 * {{ n }} * {{ _log_1p(w) }}) * sqrt({{ w }} / (1e0 + {{ w }}))
            * case
                when {{ is_small }} then -{{ _t_centre(t, n) }}
                else (1e0 + {{ w }}) * ({{ n }} + 2e0) / {{ _t_tail(w, n) }}
            end
    end
{%- endmacro %}

{# gamma((n + 1) / 2) / gamma(n / 2). The difference of two large lgammas would lose its digits, so from
   100 on it is the expansion in 1 / (n/2 - 1/4)^2. #}
{% macro _gamma_ratio(n) -%}
    {%- set u = "(0.5e0 * " ~ n ~ " - 0.25e0)" -%}
    case
        when {{ n }} < 100e0 then exp(lgamma(0.5e0 * {{ n }} + 0.5e0) - lgamma(0.5e0 * {{ n }}))
        else sqrt({{ u }})
            / (1e0 - (1e0 - 0.1640625e0 / ({{ u }} * {{ u }})) / (64e0 * {{ u }} * {{ u }}))
    end
{%- endmacro %}

{# ln(1 + w) with all its digits where w is small: the rounding error of 1 + w divides out. #}
{% macro _log_1p(w) -%}
    case
        when 1e0 + {{ w }} = 1e0 then {{ w }}
        else ln(1e0 + {{ w }}) * {{ w }} / ((1e0 + {{ w }}) - 1e0)
    end
{%- endmacro %}

{# 1 + (n+1)/3 y (1 + (n+3)/5 y (1 + ...)) with y = w / (1 + w), 28 terms, two to a bracket: linters
   give up on deep nests. #}
{% macro _t_centre(t, n) -%}
    {%- set y = t ~ " * " ~ t ~ " / (" ~ n ~ " + " ~ t ~ " * " ~ t ~ ")" -%}
    {%- for k in range(0, 28, 2) -%}
        {%- set step = y ~ " * (" ~ n ~ " + " ~ (2 * k + 1) ~ "e0) / " ~ (2 * k + 3) ~ "e0" -%}
        (1e0 + {{ step }} + {{ step }}
        * {{ y }} * ({{ n }} + {{ 2 * k + 3 }}e0) / {{ 2 * k + 5 }}e0 * {% endfor -%}
    1e0 {%- for k in range(0, 28, 2) -%} ) {%- endfor -%}
{%- endmacro %}

{# The denominator of the fraction, 14 contracted levels. #}
{% macro _t_tail(w, n) -%}
    ({{ n }} * (1e0 + {{ w }} * ({{ n }} + 2e0))
    - 2e0 * {{ n }} * ({{ n }} + 1e0) * ({{ n }} + 6e0)
    {%- for m in range(1, 15) %}
    / (({{ n }} + {{ 4 * m - 2 }}e0) * (
        {{ 4 * m + 1 }}e0 * {{ n }} + {{ 12 * m * m + 6 * m }}e0
        + {{ w }} * ({{ n }} + {{ 4 * m }}e0) * ({{ n }} + {{ 4 * m + 2 }}e0)
    ) - {{ 2 * m * (2 * m - 1) }}e0 * ({{ n }} + {{ 4 * m + 2 }}e0)
    {%- if not loop.last %}
    - {{ (2 * m + 1) * (2 * m + 2) }}e0 * ({{ n }} + {{ 4 * m - 2 }}e0)
    * ({{ n }} + {{ 4 * m + 6 }}e0) * ({{ n }} + {{ 2 * m }}e0) * ({{ n }} + {{ 2 * m + 1 }}e0)
    {%- endif -%}
    {%- endfor -%}
    {%- for m in range(1, 15) -%} ) {%- endfor -%} )
{%- endmacro %}

{# P(|Z| > |z|) for the standard normal: erfc(|z| / sqrt 2) by rational approximations
   (Cody 1969, Mathematics of Computation 23, 631-637). #}
{% macro normal_p_value(z) -%}
    {%- set x = "(abs(cast(" ~ z ~ " as double)) * 0.7071067811865476e0)" -%}
    case
        when {{ z }} is null or isnan(cast({{ z }} as double)) then null
        when {{ x }} <= 0.46875e0 then 1e0 - {{ x }} * {{ _ratio(
            x ~ " * " ~ x,
            ["1.85777706184603153e-1", "3.16112374387056560e0", "1.13864154151050156e2",
             "3.77485237685302021e2", "3.20937758913846947e3"],
            ["1e0", "2.36012909523441209e1", "2.44024637934444173e2",
             "1.28261652607737228e3", "2.84423683343917062e3"]) }}
        when {{ x }} <= 4e0 then exp(-{{ x }} * {{ x }}) * {{ _ratio(
            x,
            ["2.15311535474403846e-8", "5.64188496988670089e-1", "8.88314979438837594e0",
             "6.61191906371416295e1", "2.98635138197400131e2", "8.81952221241769090e2",
             "1.71204761263407058e3", "2.05107837782607147e3", "1.23033935479799725e3"],
            ["1e0", "1.57449261107098347e1", "1.17693950891312499e2", "5.37181101862009858e2",
             "1.62138957456669019e3", "3.29079923573345963e3", "4.36261909014324716e3",
             "3.43936767414372164e3", "1.23033935480374942e3"]) }}
        else exp(-{{ x }} * {{ x }}) / {{ x }} * (5.6418958354775629e-1 - {{ _ratio(
            "1e0 / (" ~ x ~ " * " ~ x ~ ")",
            ["1.63153871373020978e-2", "3.05326634961232344e-1", "3.60344899949804439e-1",
             "1.25781726111229246e-1", "1.60837851487422766e-2", "6.58749161529837803e-4"],
            ["1e0", "2.56852019228982242e0", "1.87295284992346047e0", "5.27905102951428412e-1",
             "6.05183413124413191e-2", "2.33520497626869185e-3"]) }} / ({{ x }} * {{ x }}))
    end
{%- endmacro %}

{# P(x) / Q(x) by Horner's rule, coefficients from the highest power down. #}
{% macro _ratio(x, numerator, denominator) -%}
    ({{ _horner(x, numerator) }} / {{ _horner(x, denominator) }})
{%- endmacro %}

{% macro _horner(x, coefficients) -%}
    {%- for _ in coefficients[:-1] -%} ( {%- endfor -%}
    {{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * ({{ x }}) + {{ coefficient }}) {%- endfor -%}
{%- endmacro %}
