with slips as (select * from {{ ref('int_claim_slips') }}),

missed as (select * from {{ ref('int_missed_claims') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

gathered as (
    select
        slips.*,
        missed.is_level,
        missed.scale,
        missed.unit,
        missed.sign * slips.value / missed.scale as figure,
        greatest(missed.stated_decimals, if(missed.scale >= 1e3, 1, 2)) as decimals,
        missed.sign * missed.own_value / missed.scale as own_figure,
        instruments.name as other_name,
        slips.value >= missed.interval_low and slips.value < missed.interval_high as is_within,
        100 * (missed.close / missed.previous_close - 1.0) as move_pct,
        100 * (missed.previous_close / missed.second_previous_close - 1.0) as move_before_pct,
        100 * (missed.close / missed.second_previous_close - 1.0) as both_moves_pct,
    from slips
    inner join missed on slips.claim_id = missed.claim_id
    left join instruments on slips.other = instruments.symbol
),

figured as (
    select
        *,
        {{ level_or_change('figure', 'decimals') }} as figure_text,
        {{ level_or_change('own_figure', 'decimals') }} || ' '
        || if(unit = 'percent', '%', {{ unit_words() }}) as own_text,
    from gathered
)

select
    claim_id,
    case reading
        when 'truncated'
            then 'it is ' || own_text || ' cut off instead of rounded'
        when 'week'
            then
                'it is the move since the close before the week, on ' || other || ': '
                || figure_text || ' %'
        when 'other_currency'
            then
                'it is the move in ' || other || ' by the reference rates of both days: '
                || figure_text || ' %'
        when 'percentage_points'
            then
                'percentage points stand for percent; at the close the change was ' || figure_text
                || ' %, which the figure ' || if(is_within, 'allows', 'does not allow')
        when 'sign_flipped' then 'the figure is right in the opposite direction'
        when 'currency_swapped'
            then
                'the figure is right in ' || other || ': ' || figure_text || ' '
                || replace({{ unit_words() }}, upper(unit), other)
        when 'percentages_added'
            then
                'the percentages of two sessions are added, '
                || {{ signed_number('move_before_pct', 2) }} || ' and '
                || {{ signed_number('move_pct', 2) }} || ', which compound to '
                || {{ signed_number('both_moves_pct', 2) }} || ' %'
        when 'point_moved' then 'the decimal point of ' || own_text || ' is moved'
        when 'digits_swapped' then 'two digits of ' || own_text || ' are swapped'
        when 'digit_lost' then 'a digit of ' || own_text || ' is lost'
        when 'digit_added' then 'there is a digit too many for ' || own_text
        else
            'it is the move of ' || other_name || ' (' || other || '), of which the article speaks '
            || 'too: ' || figure_text || ' %'
    end as slip_text,
from figured
