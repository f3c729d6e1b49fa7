with claims as (

    select * from {{ ref('int_claims') }}

),

bases as (

    select * from {{ ref('int_claim_bases') }}

),

price_change_bases as (

    select * from {{ ref('int_price_change_bases') }}

),

factors as (

    select * from {{ ref('int_claim_factors') }}

),

-- as a signed change, whatever direction was stated
gathered as (

    select
        bases.claim_id,
        bases.basis,
        bases.listing,
        claims.unit,
        claims.scale,
        claims.symbol,
        claims.sign,
        claims.interval_low,
        claims.interval_high,
        price_change_bases.* exclude (claim_id, basis, listing),
        factors.* exclude (claim_id),
        if(claims.sign < 0, -bases.derived_high, bases.derived_low) / claims.scale as change_low,
        if(claims.sign < 0, -bases.derived_low, bases.derived_high) / claims.scale as change_high,
        -- a figure is shown with one decimal more than was printed
        greatest(
            claims.stated_decimals + 1, if(claims.unit in ('usd', 'eur') and claims.scale > 1, 1, 2)
        ) as decimals,
    from bases
    inner join claims on bases.claim_id = claims.claim_id
    inner join price_change_bases
        on
            bases.claim_id = price_change_bases.claim_id
            and bases.basis = price_change_bases.basis
            and bases.listing = price_change_bases.listing
    left join factors on bases.claim_id = factors.claim_id

),

-- and with two more where rounding would lay it on an end of the interval
figured as (

    select
        *,
        decimals
        + if(
            list_has_any(
                [round(sign * change_low, decimals), round(sign * change_high, decimals)],
                [interval_low / scale, interval_high / scale]
            ),
            2,
            0
        ) as figure_decimals,
        ' ' || if(unit in ('percent', 'direction'), '%', {{ unit_words() }}) as unit_text,
        coalesce(
            ', times ' || {{ plain_number('shares_outstanding / 1e9') }}
            || ' billion shares as of ' || shares_observed_on,
            ''
        ) || case
            when not coalesce(is_converted, false) then ''
            when basis = 'close_to_close' or rate_before is null
                then ', at ' || printf('%.4f', rate_of_day)
            else
                ', at ' || printf('%.4f', rate_before) || ' of ' || rate_before_date || ' to '
                || printf('%.4f', rate_of_day)
        end || if(
            coalesce(is_converted, false), ' ' || quote_currency || ' per ' || stated_currency, ''
        ) as factors_text,
    from gathered

)

select 1
