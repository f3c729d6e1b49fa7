{#
    Two-sided p-values in plain arithmetic, so that any engine with lgamma can run them. Both keep their
    relative accuracy in the far tail, where `1 - cdf` would return zero.
    `t`, `z` and `df` must be column names or other expressions cheap to repeat.
#}

{# P(|T| > |t|) for Student's t: the regularised incomplete beta function I_x(df/2, 1/2) with
   x = df / (df + t^2), by its continued fraction (Abramowitz and Stegun 1964, 26.5.8 and 26.7.1).
   The fraction is evaluated on the side where it converges fast. #}
{% macro student_t_p_value(t, df) -%}
    {%- set x = "(" ~ df ~ " / (" ~ df ~ " + " ~ t ~ " * " ~ t ~ "))" -%}
    {%- set y = "(" ~ t ~ " * " ~ t ~ " / (" ~ df ~ " + " ~ t ~ " * " ~ t ~ "))" -%}
    {%- set half_df = "(" ~ df ~ " / 2.0)" -%}
    {%- set front -%}
        exp(
            lgamma({{ half_df }} + 0.5) - lgamma({{ half_df }}) - lgamma(0.5)
            + {{ half_df }} * ln({{ x }}) + 0.5 * ln({{ y }})
        )
    {%- endset -%}
    case
        when {{ t }} is null or {{ df }} is null or {{ df }} <= 0 then null
        when {{ t }} = 0 then 1.0
        when {{ x }} < ({{ half_df }} + 1.0) / ({{ half_df }} + 2.5)
            then {{ front }} / ({{ half_df }} * {{ _beta_fraction(half_df, "0.5", x) }})
        else 1.0 - {{ front }} / (0.5 * {{ _beta_fraction("0.5", half_df, y) }})
    end
{%- endmacro %}

{# The denominator 1 + d1/(1 + d2/(1 + ...)) of I_x(a, b), 48 levels deep. #}
{% macro _beta_fraction(a, b, x) -%}
    {%- set levels = 24 -%}
    {%- for m in range(0, levels) -%}
        (1.0 - ({{ a }} + {{ m }}) * ({{ a }} + {{ b }} + {{ m }}) * {{ x }}
        / (({{ a }} + {{ 2 * m }}) * ({{ a }} + {{ 2 * m + 1 }}))
        / (1.0 + {{ m + 1 }} * ({{ b }} - {{ m + 1 }}) * {{ x }}
        / (({{ a }} + {{ 2 * m + 1 }}) * ({{ a }} + {{ 2 * m + 2 }}))
        / {% endfor -%}
    1.0
    {%- for m in range(0, levels) -%} )) {%- endfor -%}
{%- endmacro %}

{# P(|Z| > |z|) for the standard normal: erfc(|z| / sqrt 2) by rational approximation
   (Cody 1969, Mathematics of Computation 23, tables II and III; relative error below 1e-15). #}
{% macro normal_p_value(z) -%}
    {%- set x = "(abs(" ~ z ~ ") * 0.7071067811865476)" -%}
    case
        when {{ z }} is null then null
        when {{ x }} <= 0.46875 then 1.0 - {{ x }} * {{ _ratio(
            x ~ " * " ~ x,
            ["1.85777706184603153e-1", "3.16112374387056560", "1.13864154151050156e2",
             "3.77485237685302021e2", "3.20937758913846947e3"],
            ["1.0", "2.36012909523441209e1", "2.44024637934444173e2",
             "1.28261652607737228e3", "2.84423683343917062e3"]) }}
        when {{ x }} <= 4.0 then exp(-{{ x }} * {{ x }}) * {{ _ratio(
            x,
            ["2.15311535474403846e-8", "5.64188496988670089e-1", "8.88314979438837594",
             "6.61191906371416295e1", "2.98635138197400131e2", "8.81952221241769090e2",
             "1.71204761263407058e3", "2.05107837782607147e3", "1.23033935479799725e3"],
            ["1.0", "1.57449261107098347e1", "1.17693950891312499e2", "5.37181101862009858e2",
             "1.62138957456669019e3", "3.29079923573345963e3", "4.36261909014324716e3",
             "3.43936767414372164e3", "1.23033935480374942e3"]) }}
        else exp(-{{ x }} * {{ x }}) / {{ x }} * (0.5641895835477563 - {{ _ratio(
            "1.0 / (" ~ x ~ " * " ~ x ~ ")",
            ["1.63153871373020978e-2", "3.05326634961232344e-1", "3.60344899949804439e-1",
             "1.25781726111229246e-1", "1.60837851487422766e-2", "6.58749161529837803e-4"],
            ["1.0", "2.56852019228982242", "1.87295284992346047", "5.27905102951428412e-1",
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
