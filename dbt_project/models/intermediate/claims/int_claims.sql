with stated as (select * from {{ ref('int_stated_claims') }}),

numbered as (
    select
        *,
        if(unit = 'month', null, try_cast(stated_value as double)) as number,
        try_cast(coalesce(stated_value_to, stated_value) as double) as number_to,
        length(split_part(coalesce(stated_value, ''), '.', 2)) as decimals,
        length(split_part(coalesce(stated_value_to, stated_value, ''), '.', 2)) as decimals_to,
        -- binary fractions leave dust behind the decimals that were printed: it is rounded off
        case when scale >= 1e6 then 0 when scale > 1 then 6 else 9 end as scaled_decimals,
    from stated
),

-- the printed decimals give the precision: 17 is half a unit wide to each side, 1.5 a twentieth
precise as (
    select
        *,
        0.5 * pow(10, -decimals) as half_unit,
        0.5 * pow(10, -decimals_to) as half_unit_to,
    from numbered
),

-- "more than 3" stops at 4 and "less than 3" at 2: further on, 4 or 2 would have been printed
bounded as (
    select
        *,
        case
            when qualifier = 'direction_only' then 0
            when number is null then null
            when qualifier = 'at_most' then 0
            when qualifier = 'more_than' then number
            when qualifier in ('about', 'less_than') then number - 2 * half_unit
            when qualifier in ('exact', 'just_under', 'range') then number - half_unit
        end as low,
        case
            when qualifier = 'direction_only' or number is null then null
            when qualifier in ('just_under', 'less_than', 'at_most') then number
            when qualifier in ('about', 'more_than') then number + 2 * half_unit
            when qualifier in ('exact', 'range') then number_to + half_unit_to
        end as high,
    from precise
)

select
    claim_id,
    claim_source,
    figure_id,
    article_id,
    subject,
    symbol,
    measure,
    direction,
    -- a level has no direction to count in
    if(direction = 'down' and not ends_with(measure, '_level'), -1.0, 1.0) as sign,
    stated_value,
    stated_value_to,
    cast(decimals as integer) as stated_decimals,
    scale,
    round(number * scale, scaled_decimals) as value,
    unit,
    qualifier,
    as_of,
    period,
    -- the basis that the article itself speaks of; null if no price on file can show it
    case
        when measure not in ('price_change', 'market_value_change') or period = 'session'
            then case
                when as_of = 'open' then 'open'
                when as_of = 'intraday_low' then 'low'
                when as_of = 'intraday_high' then 'high'
                when as_of in ('close', 'intraday', 'time_of_writing', 'unstated')
                    then 'close_to_close'
            end
        when as_of in ('close', 'intraday', 'time_of_writing', 'unstated')
            then nullif(period, 'other')
    end as own_basis,
    as_of in ('intraday', 'time_of_writing', 'unstated') as is_intraday_allowed,
    session_date,
    round(low * scale, scaled_decimals) as interval_low,
    round(high * scale, scaled_decimals) as interval_high,
    low is not null and qualifier in ('exact', 'about', 'just_under', 'range')
        as is_interval_low_included,
    high is not null and qualifier = 'at_most' as is_interval_high_included,
    testable_from,
    reason,
    expected_verdict,
from bounded
