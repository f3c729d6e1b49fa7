with missed as (select * from {{ ref('int_missed_claims') }}),

-- rounded to drop the dust of binary fractions, as the bases are
value_slips as (
    select
        claim_id,
        reading,
        other,
        round(value, if(abs(value) >= 1e6, 0, 9)) as value,
    from (
        select * from {{ ref('int_claim_value_slips') }}
        union all
        select * from {{ ref('int_claim_currency_slips') }}
    )
),

digit_slips as (select * from {{ ref('int_claim_digit_slips') }}),

-- The order in which what fits is named: a unit that prices do not have, another reading of the
-- prices, then slips of the pen, and of those first what leaves the number its own. A wide interval
-- fits too much by chance, so each has a widest that may name it, as a share of the figure: 17 is
-- 0.06 wide, 3 is 0.33. Digits have a rule of their own, in int_claim_digit_slips.
kinds as (
    select
        listed.reading,
        listed.kind,
        listed.preference,
        listed.widest,
    from (
        values
        ('percentage_points', 'slip', 0, 2.0),
        ('truncated', 'reading', 1, 2.0),
        ('week', 'reading', 2, 0.1),
        ('other_currency', 'reading', 3, 0.1),
        ('sign_flipped', 'slip', 4, 0.4),
        ('currency_swapped', 'slip', 5, 0.1),
        ('percentages_added', 'slip', 6, 0.1),
        ('point_moved', 'slip', 7, 0.1),
        ('digits_swapped', 'slip', 8, 2.0),
        ('digit_lost', 'slip', 9, 2.0),
        ('digit_added', 'slip', 10, 2.0),
        ('another_subject', 'slip', 11, 0.1),
        ('index_for_company', 'slip', 12, 0.1),
        ('company_for_index', 'slip', 13, 0.1)
    ) as listed (reading, kind, preference, widest)
),

fitting as (
    select
        value_slips.claim_id,
        value_slips.reading,
        value_slips.other,
        value_slips.value,
    from value_slips
    inner join missed on value_slips.claim_id = missed.claim_id
    where
        -- the unit itself is the slip, whatever the number
        value_slips.reading = 'percentage_points'
        or (
            (
                value_slips.value > missed.interval_low
                or (
                    missed.is_interval_low_included and value_slips.value = missed.interval_low
                )
            )
            and (
                value_slips.value < missed.interval_high
                or (
                    missed.is_interval_high_included and value_slips.value = missed.interval_high
                )
            )
        )
    union all
    select
        claim_id,
        reading,
        null as other,
        value,
    from digit_slips
)

select
    fitting.claim_id,
    kinds.kind,
    fitting.reading,
    fitting.other,
    fitting.value,
from fitting
inner join missed on fitting.claim_id = missed.claim_id
inner join kinds on fitting.reading = kinds.reading
where missed.relative_width <= kinds.widest
qualify
    row_number() over (
        partition by fitting.claim_id
        order by kinds.preference, fitting.other, fitting.value
    ) = 1
