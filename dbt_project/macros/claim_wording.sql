{# How a claim, a figure and a bar read in English. Words only: no number is worked out here. #}

{# A number with its sign and so many decimals; more of them if it would read as a zero it is not. #}
{% macro signed_number(value, decimals) -%}
    case
        when {{ value }} = 0 then printf('%.' || {{ decimals }} || 'f', 0.0)
        when round({{ value }}, {{ decimals }}) = 0
            then rtrim(printf('%+.' || ({{ decimals }} + 4) || 'f', {{ value }}), '0')
        else printf('%+.' || {{ decimals }} || 'f', {{ value }})
    end
{%- endmacro %}

{# A figure of a claim: a change has a sign, a level has none. #}
{% macro level_or_change(value, decimals) -%}
    if(
        is_level,
        printf('%.' || {{ decimals }} || 'f', {{ value }}),
        {{ signed_number(value, decimals) }}
    )
{%- endmacro %}

{# A number without the zeros that end it, such as 16.5 and 17. #}
{% macro plain_number(value) -%}
    regexp_replace(printf('%.9f', {{ value }}), '[.]?0+$', '')
{%- endmacro %}

{# The unit of a claim as it follows a number, such as `billion USD`. #}
{% macro unit_words() -%}
    concat_ws(
        ' ',
        case scale
            when 1 then null
            when 1e3 then 'thousand'
            when 1e6 then 'million'
            when 1e9 then 'billion'
            when 1e12 then 'trillion'
            else 'times ' || printf('%g', scale)
        end,
        case
            when unit in ('point', 'percentage_point', 'basis_point')
                then replace(unit, '_', ' ') || 's'
            when length(unit) <> 3 then replace(unit, '_', ' ')
            else upper(unit)
        end
    )
{%- endmacro %}

{# A price with the decimals that its size asks for. #}
{% macro format_price(price) -%}
    if({{ price }} >= 10, printf('%.2f', {{ price }}), printf('%.4f', {{ price }}))
{%- endmacro %}

{# What is wrong with a bar, by its quality; no quality at all is a bar that never came. #}
{% macro quality_words(quality) -%}
    case coalesce({{ quality }}, 'missing')
        when 'stale' then 'stale (no volume, and every price repeats the close before)'
        when 'conflicting_duplicate' then 'in conflict (served twice with different values)'
        when 'non_positive' then 'not usable (a price in it is zero or less)'
        when 'inverted' then 'not usable (its low, high and close contradict each other)'
        when 'suspected_split' then 'in doubt (it looks like a split that was missed)'
        when 'future' then 'not usable (it is dated after it was fetched)'
        else replace(coalesce({{ quality }}, 'missing'), '_', ' ')
    end
{%- endmacro %}

{# A basis as a reader would name it. #}
{% macro basis_label(basis) -%}
    case {{ basis }}
        when 'close_to_close' then 'the close'
        when 'last_print' then 'the last print on file'
        when 'open' then 'the open'
        when 'low' then 'the day''s low'
        when 'high' then 'the day''s high'
        when 'intraday_range' then 'the day''s low-high range'
        when 'previous_session' then 'the session before'
        when 'two_session' then 'two sessions together'
        when 'other_listing' then 'another listing of the issuer'
        when 'week' then 'the close, over the week,'
        when 'month' then 'the close, over the month,'
        when 'year_to_date' then 'the close, over the year so far,'
        when 'year' then 'the close, over twelve months,'
    end
{%- endmacro %}

{# A span as a noun. #}
{% macro period_noun(period) -%}
    case {{ period }}
        when 'two_session' then 'two sessions'
        when 'year_to_date' then 'year'
        when 'year' then 'twelve months'
        else {{ period }}
    end
{%- endmacro %}

{# The claim in the fixed words of its columns, such as `down just under 17 percent`. #}
{% macro stated_text() -%}
    case
        when ends_with(measure, '_level') then concat_ws(
            ' ',
            case direction when 'down' then 'down to' when 'up' then 'up to' else 'at' end,
            case
                when qualifier not in ('exact', 'range') then replace(qualifier, '_', ' ')
            end,
            stated_value || coalesce(' to ' || stated_value_to, ''),
            {{ unit_words() }}
        )
        when measure = 'largest_fall_since' then 'largest fall since ' || stated_value
        when measure = 'largest_rise_since' then 'largest rise since ' || stated_value
        when measure = 'recovered_after_early_fall' then 'recovered after an early fall'
        when qualifier = 'direction_only' then direction
        when unit = 'rank' then concat_ws(
            ' ', direction, 'rank', nullif(replace(qualifier, '_', ' '), 'exact'), stated_value
        )
        else concat_ws(
            ' ',
            direction,
            case
                when qualifier not in ('exact', 'range') then replace(qualifier, '_', ' ')
            end,
            stated_value || coalesce(' to ' || stated_value_to, ''),
            {{ unit_words() }},
            case
                when not ends_with(measure, '_change') or period is null then null
                when period = 'two_session' then 'in two sessions'
                when period = 'year_to_date' then 'since the year began'
                when period = 'year' then 'in twelve months'
                when period in ('week', 'month') then 'in the ' || period
            end
        )
    end
{%- endmacro %}

{# The interval in the claim's own scale, such as `[16.5, 17)`. #}
{% macro interval_text() -%}
    case
        when interval_low is not null then
            if(is_interval_low_included, '[', '(')
            || {{ plain_number('interval_low / scale') }}
            || ', '
            || coalesce({{ plain_number('interval_high / scale') }}, 'infinity')
            || if(is_interval_high_included, ']', ')')
    end
{%- endmacro %}

{# What a claim allows, such as `the stated fall of at least 16.5 and under 17 percent`. #}
{% macro allowance_words() -%}
    'the stated '
    || case
        when ends_with(measure, '_level') then 'level'
        when measure = 'market_value_change' then if(direction = 'down', 'loss', 'gain')
        else if(direction = 'down', 'fall', 'rise')
    end
    || coalesce(
        ' of ' || if(is_interval_low_included, 'at least ', 'over ')
        || {{ plain_number('interval_low / scale') }}
        || ' and ' || if(is_interval_high_included, 'at most ', 'under ')
        || {{ plain_number('interval_high / scale') }}
        || ' ' || {{ unit_words() }},
        ''
    )
{%- endmacro %}
