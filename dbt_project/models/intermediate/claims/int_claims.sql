with figures as (

    select * from {{ ref('stg_documented_figures') }}

),

-- the printed decimals give the precision: 17 is half a percent wide to each side, 1.5 a twentieth
stated as (

    select
        *,
        try_cast(stated_value as double) * scale as value,
        try_cast(coalesce(stated_value_to, stated_value) as double) * scale as value_to,
        0.5 * scale * pow(10, -length(split_part(coalesce(stated_value, ''), '.', 2))) as half_unit,
        if(direction = 'down', -1.0, 1.0) as sign,
    from figures

),

bounded as (

    select
        *,
        case
            when qualifier = 'direction_only' then 0.0
            when unit not in ('percent', 'usd', 'eur', 'rank') then null
            when qualifier = 'about' then value - 2 * half_unit
            when qualifier = 'more_than' then value
            when qualifier = 'less_than' then value - 2 * half_unit
            when qualifier = 'at_most' then null
            else value - half_unit
        end as interval_low,
        case
            when qualifier = 'direction_only' then null
            when unit not in ('percent', 'usd', 'eur', 'rank') then null
            when qualifier = 'about' then value + 2 * half_unit
            when qualifier = 'more_than' then value + 2 * half_unit
            when qualifier in ('just_under', 'less_than', 'at_most') then value
            else value_to + half_unit
        end as interval_high,
        qualifier not in ('direction_only', 'more_than', 'less_than') as is_interval_low_included,
        qualifier = 'at_most' as is_interval_high_included,
    from stated

)

select
    'documented|' || figure_id as claim_id,
    'documented' as claim_source,
    figure_id,
    article_id,
    subject,
    symbol,
    measure,
    direction,
    sign,
    stated_value,
    stated_value_to,
    scale,
    value,
    unit,
    qualifier,
    coalesce(as_of, 'unstated') as as_of,
    session_date,
    -- binary fractions of a printed decimal carry dust; the interval is exact to a millionth
    round(interval_low, 6) as interval_low,
    round(interval_high, 6) as interval_high,
    is_interval_low_included,
    is_interval_high_included,
    testable_from,
    reason,
    expected_verdict,
from bounded
