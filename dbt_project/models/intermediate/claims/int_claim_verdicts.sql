with claims as (select * from {{ ref('int_claims') }}),

obstacles as (select * from {{ ref('int_claim_obstacles') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

extremes as (select * from {{ ref('int_claim_extremes') }}),

recoveries as (select * from {{ ref('int_claim_recoveries') }}),

best as (
    select
        bases.claim_id,
        bool_or(bases.is_fit and bases.basis = claims.own_basis) as fits_own_basis,
        bool_or(bases.is_fit and bases.basis = 'intraday_range') as fits_range,
        bool_or(bases.is_fit) as fits_any,
        bool_or(bases.basis = 'intraday_range') as has_range,
        arg_min(bases.basis, bases.preference) filter (where bases.is_fit) as first_fitting_basis,
        arg_min(bases.basis, row(bases.distance, bases.preference)) as nearest_basis,
    from bases
    inner join claims on bases.claim_id = claims.claim_id
    group by bases.claim_id
),

judged as (
    select
        claims.claim_id,
        claims.measure,
        claims.own_basis,
        case
            when
                claims.testable_from = 'not_testable'
                or claims.measure not in (
                    'price_change',
                    'price_level',
                    'market_value_change',
                    'market_value_level',
                    'largest_fall_since',
                    'largest_rise_since',
                    'recovered_after_early_fall'
                )
                then 'not_testable'
            when obstacles.obstacle is not null then 'insufficient_data'
            when extremes.finding = 'confirmed' then 'confirmed'
            when claims.measure in ('largest_fall_since', 'largest_rise_since') then 'refuted'
            when recoveries.finding = 'confirmed' then 'confirmed'
            when recoveries.finding in ('ended_above', 'stood_above') and claims.is_intraday_allowed
                then 'consistent_intraday'
            when recoveries.finding = 'ended_above' then 'confirmed_other_basis'
            when claims.measure = 'recovered_after_early_fall' then 'refuted'
            when best.fits_own_basis then 'confirmed'
            when claims.is_intraday_allowed and best.fits_range then 'consistent_intraday'
            when best.fits_any then 'confirmed_other_basis'
            -- a figure of some moment is not refuted by a bar that lacks its low and high
            when claims.is_intraday_allowed and not best.has_range then 'insufficient_data'
            else 'refuted'
        end as verdict,
        best.first_fitting_basis,
        best.nearest_basis,
    from claims
    inner join obstacles on claims.claim_id = obstacles.claim_id
    left join recoveries on claims.claim_id = recoveries.claim_id
    left join best on claims.claim_id = best.claim_id
    left join extremes on claims.claim_id = extremes.claim_id
)

select
    claim_id,
    verdict,
    case
        when verdict = 'consistent_intraday' then 'intraday_range'
        when verdict = 'confirmed_other_basis'
            then if(measure = 'recovered_after_early_fall', 'intraday_range', first_fitting_basis)
        when verdict in ('confirmed', 'refuted')
            then if(
                ends_with(measure, '_change') or ends_with(measure, '_level'),
                own_basis,
                'close_to_close'
            )
    end as basis,
    nearest_basis,
from judged
