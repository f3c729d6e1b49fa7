with claims as (

    select * from {{ ref('int_claims') }}

),

claim_sessions as (

    select * from {{ ref('int_claim_sessions') }}

),

bases as (

    select * from {{ ref('int_claim_bases') }}

),

extremes as (

    select * from {{ ref('int_claim_extremes') }}

),

-- an article that says "at the open" is held to the open; every other one to the close first
ranked as (

    select
        bases.*,
        bases.basis = case claims.as_of
            when 'open' then 'open'
            else 'close_to_close'
        end as is_own_basis,
        claims.as_of in ('time_of_writing', 'intraday', 'unstated')
        and bases.basis = 'intraday_range' as is_intraday_reading,
    from bases
    inner join claims on bases.claim_id = claims.claim_id

),

best as (

    select
        claim_id,
        bool_or(is_own_basis) as has_own_basis,
        bool_or(is_own_basis and is_fit) as fits_own_basis,
        bool_or(is_intraday_reading and is_fit) as fits_intraday,
        bool_or(is_fit) as fits_any,
        arg_min(basis, preference) filter (where is_own_basis) as own_basis,
        arg_min(basis, preference) filter (where is_fit) as first_fitting_basis,
        arg_min(basis, row(distance, preference)) as nearest_basis,
    from ranked
    group by claim_id

),

judged as (

    select
        claims.claim_id,
        claims.measure,
        case
            when claims.testable_from = 'not_testable' then 'not_testable'
            when claim_sessions.close is null or claim_sessions.previous_close is null
                then 'insufficient_data'
            when claims.measure = 'largest_fall_since' then case
                when not coalesce(extremes.is_covered, false) then 'insufficient_data'
                when extremes.is_fit and extremes.derived_move_pct > 0 then 'confirmed'
                else 'refuted'
            end
            when claims.measure = 'recovered_after_early_fall' then case
                when claim_sessions.open is null then 'insufficient_data'
                when
                    claim_sessions.open < claim_sessions.previous_close
                    and claim_sessions.close > claim_sessions.previous_close
                    then 'confirmed'
                else 'refuted'
            end
            when not coalesce(best.has_own_basis, false) then 'insufficient_data'
            when best.fits_own_basis then 'confirmed'
            when best.fits_intraday then 'consistent_intraday'
            when best.fits_any then 'confirmed_other_basis'
            else 'refuted'
        end as verdict,
        best.own_basis,
        best.first_fitting_basis,
        best.nearest_basis,
    from claims
    left join claim_sessions on claims.claim_id = claim_sessions.claim_id
    left join best on claims.claim_id = best.claim_id
    left join extremes on claims.claim_id = extremes.claim_id

)

select
    claim_id,
    verdict,
    case
        when measure in ('largest_fall_since', 'recovered_after_early_fall')
            then if(verdict in ('confirmed', 'refuted'), 'close_to_close', null)
        when verdict = 'confirmed' then own_basis
        when verdict = 'consistent_intraday' then 'intraday_range'
        when verdict = 'confirmed_other_basis' then first_fitting_basis
        when verdict = 'refuted' then own_basis
    end as basis,
    nearest_basis,
from judged
