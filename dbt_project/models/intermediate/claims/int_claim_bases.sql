with claims as (select * from {{ ref('int_claims') }}),

moves as (select * from {{ ref('int_claim_moves') }}),

-- the order in which a fitting basis is named: the same session first, then other days and
-- listings; a longer span is a basis of a claim that names it, and of no other
preferences as (
    select
        listed.basis,
        listed.preference,
        listed.preference <= 5 as is_same_session,
    from (
        values
        ('close_to_close', 0),
        ('last_print', 1),
        ('open', 2),
        ('low', 3),
        ('high', 4),
        ('intraday_range', 5),
        ('previous_session', 6),
        ('two_session', 7),
        ('other_listing', 8),
        ('week', 9),
        ('month', 10),
        ('year_to_date', 11),
        ('year', 12)
    ) as listed (basis, preference)
),

-- the derived value nearest to the middle of the interval lies in the interval exactly when the
-- basis can produce a value in it; the low-high range of a session is the case that needs it
nearest as (
    select
        moves.*,
        preferences.preference,
        case
            when claims.qualifier = 'direction_only' then moves.derived_high
            else greatest(
                moves.derived_low,
                least(moves.derived_high, (claims.interval_low + claims.interval_high) / 2)
            )
        end as derived_value,
        claims.interval_low,
        claims.interval_high,
        claims.is_interval_low_included,
        claims.is_interval_high_included,
    from moves
    inner join claims on moves.claim_id = claims.claim_id
    inner join preferences on moves.basis = preferences.basis
    -- a bare direction is right on every other day: it says too little to be about another one
    where
        claims.qualifier <> 'direction_only'
        or if(
            claims.period <> 'session',
            moves.basis in (claims.period, 'intraday_range'),
            preferences.is_same_session
        )
),

judged as (
    select
        *,
        coalesce(
            (
                derived_value > interval_low
                or (is_interval_low_included and derived_value = interval_low)
            )
            and (
                interval_high is null
                or derived_value < interval_high
                or (is_interval_high_included and derived_value = interval_high)
            ),
            false
        ) as is_fit,
        greatest(interval_low - derived_value, derived_value - interval_high, 0.0) as distance,
    from nearest
    where interval_low is not null
)

-- an issuer may have several other listings: the one that comes nearest speaks for them
select
    claim_id,
    basis,
    listing,
    preference,
    derived_low,
    derived_high,
    derived_value,
    is_fit,
    distance,
from judged
qualify
    row_number() over (
        partition by claim_id, basis
        order by is_fit desc, distance asc, listing asc
    ) = 1
