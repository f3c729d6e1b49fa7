{# How a figure reads: a signed percentage, or billions of a currency. #}
{% macro format_figure(value, unit) -%}
    case
        when {{ unit }} in ('percent', 'direction') then printf('%+.2f %%', {{ value }})
        else printf('%+.1f bn %s', {{ value }} / 1e9, upper({{ unit }}))
    end
{%- endmacro %}

{# A price with the decimals that its size asks for. #}
{% macro format_price(price) -%}
    if({{ price }} >= 10, printf('%.2f', {{ price }}), printf('%.4f', {{ price }}))
{%- endmacro %}

{# A basis as a reader would name it. #}
{% macro basis_label(basis) -%}
    case {{ basis }}
        when 'close_to_close' then 'the close'
        when 'last_print' then 'the last print before the closing auction'
        when 'open' then 'the open'
        when 'low' then 'the day''s low'
        when 'high' then 'the day''s high'
        when 'intraday_range' then 'the day''s low-high range'
        when 'previous_session' then 'the previous session'
        when 'two_session' then 'two sessions together'
        when 'other_listing' then 'another listing of the issuer'
    end
{%- endmacro %}

{# The claim in the fixed words of its columns, such as `down just under 17 percent`. #}
{% macro stated_text() -%}
    case
        when measure = 'largest_fall_since' then 'largest fall since ' || stated_value
        when measure = 'recovered_after_early_fall' then 'recovered after an early fall'
        when qualifier = 'direction_only' then direction
        else concat_ws(
            ' ',
            direction,
            case qualifier
                when 'exact' then null
                when 'range' then null
                else replace(qualifier, '_', ' ')
            end,
            stated_value || coalesce(' to ' || stated_value_to, ''),
            case scale
                when 1e6 then 'million'
                when 1e9 then 'billion'
                when 1e12 then 'trillion'
            end,
            if(unit in ('usd', 'eur'), upper(unit), unit)
        )
    end
{%- endmacro %}

{# The interval in the claim's own scale, such as `[16.5, 17)`. #}
{% macro interval_text() -%}
    case
        when interval_low is null and interval_high is null then null
        else
            if(is_interval_low_included and interval_low is not null, '[', '(')
            || coalesce(
                regexp_replace(printf('%.4f', interval_low / scale), '[.]?0+$', ''), '-infinity'
            )
            || ', '
            || coalesce(
                regexp_replace(printf('%.4f', interval_high / scale), '[.]?0+$', ''), 'infinity'
            )
            || if(is_interval_high_included, ']', ')')
    end
{%- endmacro %}
