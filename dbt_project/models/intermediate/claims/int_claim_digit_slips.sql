with missed as (
    select
        *,
        own_value / scale as own,
        pow(10, -stated_decimals) as printed_unit,
        length(replace(stated_value, '.', '')) as digits,
    from {{ ref('int_missed_claims') }}
    where own_value is not null and qualifier = 'exact'
),

-- the figure as it would have been printed, with one decimal less, as many, or one more
printed as (
    select
        missed.claim_id,
        steps.step,
        printf('%.' || (missed.stated_decimals + steps.step) || 'f', missed.own) as text,
    from missed
    cross join (values (-1), (0), (1)) as steps (step)
    where missed.own > 0 and missed.stated_decimals + steps.step >= 0
),

texts as (
    select
        claim_id,
        null as step,
        stated_value as text,
    from missed
    union all
    select * from printed
),

placed as (
    select
        *,
        unnest(range(1, length(text) + 1)) as place,
    from texts
),

-- each text with one digit left out, and with two neighbours swapped
varied as (
    select
        claim_id,
        step,
        rtrim(left(text, place - 1) || substr(text, place + 1), '.') as shortened,
        -- at the end, and between two equal digits, there is nothing to swap
        nullif(
            left(text, place - 1) || substr(text, place + 1, 1)
            || substr(text, place, 1) || substr(text, place + 2),
            text
        ) as swapped,
    from placed
    where substr(text, place, 1) <> '.'
),

found as (
    select
        claim_id,
        'truncated' as reading,
    from missed
    where own > 0 and trunc(own / printed_unit) = round(cast(stated_value as double) / printed_unit)
    union
    select
        varied.claim_id,
        'digits_swapped' as reading,
    from varied
    inner join printed on varied.claim_id = printed.claim_id and varied.swapped = printed.text
    inner join missed on varied.claim_id = missed.claim_id
    where varied.step is null and printed.step = 0 and missed.printed_unit <= 0.1 * missed.own
    union
    -- with fewer than three digits left, too many figures would do
    select
        varied.claim_id,
        'digit_lost' as reading,
    from varied
    inner join missed
        on
            varied.claim_id = missed.claim_id
            and varied.shortened = missed.stated_value
    where varied.step >= 0 and missed.digits >= 3
    union
    select
        varied.claim_id,
        'digit_added' as reading,
    from varied
    inner join printed on varied.claim_id = printed.claim_id and varied.shortened = printed.text
    inner join missed on varied.claim_id = missed.claim_id
    where
        varied.step is null
        and printed.step <= 0
        and missed.digits >= 3
        and pow(10, -printed.step) * missed.printed_unit <= 0.1 * missed.own
)

select
    found.claim_id,
    found.reading,
    missed.own_value as value,
from found
inner join missed on found.claim_id = missed.claim_id
