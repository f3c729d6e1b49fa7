{#
    Two-sided p-values in plain arithmetic at a fixed cost, so that any engine can run them. Both keep
    their relative accuracy in the far tail, where `1 - cdf` would return zero: better than 1e-11,
    down to 1e-305 (tests/reference/test_p_values.py).
    A null or NaN statistic and no degrees of freedom give null.
    Sub-expressions are repeated many times. DuckDB computes each of them once, but not inside a
    `case`: so the quick ways are written without, and where rows are many no call should stand in
    one. Pass columns, not formulas. Literals carry an exponent because DuckDB reads any other as
    DECIMAL.
#}

{# P(|T| > |t|) for Student's t with `df` degrees of freedom, whole or not: by the normal deviate
   where that serves, otherwise by the incomplete beta function. The quick way is computed for all
   rows and becomes null where it does not hold; its `abs` keep roots and logarithms from failing. #}
{% macro student_t_p_value(t, df) -%}
    coalesce(
        case when {{ df }} >= 40e0 and {{ t }} * {{ t }} <= 0.2e0 * {{ df }} then 1e0 end
        * {{ _erfc_of_root(_normal_scale(t, df)) }},
        {{ _student_t_anywhere(t, df) }}
    )
{%- endmacro %}

{# The u with P(|T| > |t|) = erfc(sqrt u): half the square of the normal deviate that has the same
   p-value. With h = 1 / v = df/2 - 1/4 and l = ln(1 + t^2 / df) it is u = l h + e(l, v). Hill (1970,
   Communications of the ACM 13, 617-619) has the first terms, in powers of the deviate. In l and v,
   the density of both sides being the same,
   e = ln(sinh(l/2) / (l/2)) / 2 + ln(1 + v de/dl) - ln(1 + v e / l) / 2 + c(v), where e(0, v) = 0.
   Solved here for all powers up to the sixth degree, which leaves 6e-12 at most from df = 40 on and
   up to t^2 = df / 5. The tests derive the coefficients again. #}
{% macro _normal_scale(t, df) -%}
    {%- set l = _log_1p("(" ~ t ~ " * " ~ t ~ " / abs(" ~ df ~ "))") -%}
    {%- set h = "(0.5e0 * " ~ df ~ " - 0.25e0)" -%}
    {%- set h2 = "(" ~ h ~ " * " ~ h ~ ")" -%}
    {{ l }} * ({{ h }} + {{ _horner(l, [
        "1e0 / 362880e0",
        "11e0 / 725760e0 / " ~ h,
        "41e0 / 430080e0 / " ~ h2 ~ " + -1e0 / 5760e0",
        "(41e0 / 92160e0 / " ~ h2 ~ " + -7e0 / 11520e0) / " ~ h,
        "(45e0 / 32768e0 / " ~ h2 ~ " + -7e0 / 3072e0) / " ~ h2 ~ " + 1e0 / 48e0",
        "((153e0 / 65536e0 / " ~ h2 ~ " + -9e0 / 2048e0) / " ~ h2 ~ " + 1e0 / 32e0) / " ~ h,
    ]) }})
{%- endmacro %}

{# erfc(sqrt u). exp(x^2) erfc(x) is Laplace's continued fraction a0 / (x + b0 + a1 / (x + b1 + ...)),
   a_k = k/2 and b_k = 0 (Abramowitz and Stegun 1964, 7.1.14). Eight levels whose a and b are fitted
   for the least relative error on 0 <= x <= 27.3 leave 1.5e-13, in fewer operations than a quotient
   of polynomials. The last two levels are one fraction because x + b7 has a zero. #}
{% macro _erfc_of_root(u) -%}
    {%- set x = "sqrt(abs(" ~ u ~ "))" -%}
    exp(-({{ u }})) * 5.641895832398949e-1
    / ({{ x }} - 6.803448988627132e-8 + 5.000038099339627e-1
    / ({{ x }} + 2.569915398455576e-4 + 9.940804310415274e-1
    / ({{ x }} - 1.0078974120365407e-1 + 2.8303605146584916e0
    / ({{ x }} + 4.999358887342325e0 - 1.7478488672331185e1
    / ({{ x }} + 1.1517010655249398e0 + 2.4610647595803556e1
    / ({{ x }} + 5.055465941687813e0 + (8.858477888563394e-1 * {{ x }} - 6.6200502886193284e0)
    / (({{ x }} + 2.4030657737785441e0) * {{ x }} + 1.4304785549701226e1)))))))
{%- endmacro %}

{# I_x(df/2, 1/2) with x = df / (df + t^2) (Abramowitz and Stegun 1964, 26.7.1). Beyond
   `|t| = 1e100` it is 0.
   Small |t|: one minus the complement by its power series, all terms positive.
   Large |t|: Gauss's continued fraction, contracted two levels at a time so that nothing cancels. #}
{% macro _student_t_anywhere(t, df) -%}
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

{# ln(1 + w) with all its digits where w is small: the last term makes good the rounding of 1 + w. #}
{% macro _log_1p(w) -%}
    (ln(1e0 + {{ w }}) + ({{ w }} - ((1e0 + {{ w }}) - 1e0)) / (1e0 + {{ w }}))
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

{# The t with P(|T| > t) = 0.05: half the width of a 95 % confidence interval in standard errors. By the
   expansion around the normal quantile (Abramowitz and Stegun 1964, 26.7.5), exact below three degrees of
   freedom; the relative error is 1.2e-3 at 3, 4e-6 at 10, below 2e-11 from 119 on. No degrees of freedom
   give the normal quantile. #}
{% macro student_t_critical_value(df) -%}
    {%- set v = "coalesce(1e0 / nullif(" ~ df ~ ", 0), 0e0)" -%}
    case
        when {{ df }} = 1 then 1.2706204736174694e1
        when {{ df }} = 2 then 4.302652729749462e0
        else {{ _horner(v, [
            "1.5895340533938225e0",
            "2.555849679507722e0",
            "2.8224986157396112e0",
            "2.372271230298562e0",
            "1.959963984540054e0",
        ]) }}
    end
{%- endmacro %}

{# P(|Z| > |z|) for the standard normal; beyond |z| = 40 a double has only 0. #}
{% macro normal_p_value(z) -%}
    {%- set x = "cast(" ~ z ~ " as double)" -%}
    coalesce(
        case when abs({{ x }}) <= 40e0 then 1e0 end
        * {{ _erfc_of_root("0.5e0 * " ~ x ~ " * " ~ x) }},
        case when abs({{ x }}) > 40e0 and not isnan({{ x }}) then 0e0 end
    )
{%- endmacro %}

{# Horner's rule, coefficients from the highest power down. #}
{% macro _horner(x, coefficients) -%}
    {%- for _ in coefficients[:-1] -%} ( {%- endfor -%}
    {{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * ({{ x }}) + {{ coefficient }}) {%- endfor -%}
{%- endmacro %}
