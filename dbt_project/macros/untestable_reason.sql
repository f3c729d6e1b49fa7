{# Why prices on file cannot show an extracted claim, by its measure, moment, span and unit; null if
   they can. The first reason that holds is the reason. #}
{% macro untestable_reason() -%}
    case
        when measure = 'growth'
            then 'Growth of a company''s own figures stands in its accounts, not in prices.'
        when measure = 'spending'
            then 'What is spent stands in accounts and budgets; a share price does not show it.'
        when measure = 'wealth_change'
            then 'Personal wealth needs a person''s holdings and other assets, not prices alone.'
        when measure = 'yield_change' then 'No yields or interest rates are on file.'
        when measure = 'rank_of_day'
            then
                'A rank needs every earlier session of the series that it ranks, far more than the '
                || 'bars on file.'
        when measure not in (
            'price_change',
            'price_level',
            'market_value_change',
            'market_value_level',
            'largest_fall_since',
            'largest_rise_since',
            'recovered_after_early_fall'
        )
            then 'Prices do not show a figure of this kind: ' || replace(measure, '_', ' ') || '.'
        when as_of = 'premarket'
            then 'A daily bar holds no trade from before the open, so it cannot show the figure.'
        when as_of = 'after_hours'
            then 'A daily bar holds no trade from after the close, so it cannot show the figure.'
        when measure in ('price_change', 'market_value_change') and period = 'other'
            then
                'It speaks of a span that is no session, week, month or year, so that no two closes '
                || 'on file belong to it.'
        when measure in ('price_change', 'price_level')
            and unit in ('percentage_point', 'basis_point')
            then
                'A price moves in percent; ' || replace(unit, '_', ' ')
                || 's are the difference of two percentages.'
        when unit not in ('percent', 'point', 'direction', 'month') and length(unit) <> 3
            then 'Prices are not counted in ' || replace(unit, '_', ' ') || '.'
    end
{%- endmacro %}
