with claims as (select * from {{ ref('int_claims') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

price_change_bases as (select * from {{ ref('int_price_change_bases') }}),

factors as (select * from {{ ref('int_claim_factors') }}),

-- as a signed change, whatever direction was stated
gathered as (
    select
        price_change_bases.*,
        {{ basis_label('bases.basis') }} as label,
        claims.session_date,
        ends_with(claims.measure, '_level') as is_level,
        claims.unit,
        claims.scale,
        claims.sign,
        claims.interval_low,
        claims.interval_high,
        factors.quote_currency,
        factors.stated_currency,
        factors.is_converted,
        factors.rate_of_day,
        factors.rate_before,
        factors.rate_before_date,
        factors.shares_outstanding,
        factors.shares_observed_on,
        if(claims.sign < 0, -bases.derived_high, bases.derived_low) / claims.scale as change_low,
        if(claims.sign < 0, -bases.derived_low, bases.derived_high) / claims.scale as change_high,
        greatest(claims.stated_decimals, if(claims.scale in (1e3, 1e6, 1e9), 1, 2)) as decimals,
    from bases
    inner join claims on bases.claim_id = claims.claim_id
    inner join price_change_bases
        on
            bases.claim_id = price_change_bases.claim_id
            and bases.basis = price_change_bases.basis
            and bases.listing = price_change_bases.listing
    left join factors on bases.claim_id = factors.claim_id
),

-- two decimals more where rounding would lay a figure on an end of the interval
figured as (
    select
        *,
        decimals + if(
            round(sign * change_low, decimals) in (interval_low / scale, interval_high / scale)
            or round(sign * change_high, decimals) in (interval_low / scale, interval_high / scale),
            2,
            0
        ) as figure_decimals,
        if(unit in ('percent', 'direction'), '%', {{ unit_words() }}) as unit_text,
        concat_ws(
            '',
            ', times ' || {{ plain_number('shares_outstanding / 1e9') }} || ' billion shares as of '
            || shares_observed_on,
            case
                when not is_converted then null
                when basis = 'close_to_close' or rate_before is null
                    then ', at the reference rate of '
                else
                    ', at a reference rate from ' || printf('%.4f', rate_before)
                    || ' (' || rate_before_date || ') to '
            end || printf('%.4f', rate_of_day) || ' (' || session_date || ') '
            || quote_currency || ' per ' || stated_currency
        ) as factors_text,
    from gathered
)

select
    claim_id,
    basis,
    if(basis = 'other_listing', 'the listing ' || listing || ' in ' || currency, label) as label,
    case
        when basis = 'intraday_range'
            then
                'between ' || {{ level_or_change('change_low', 'figure_decimals') }} || ' and '
                || {{ level_or_change('change_high', 'figure_decimals') }} || ' ' || unit_text
                || ' (low ' || {{ format_price('level_low') }}
                || ', high ' || {{ format_price('level_high') }} || factors_text || ')'
        else
            {{ level_or_change('change_low', 'figure_decimals') }}
            || if(
                change_high > change_low,
                ' to ' || {{ level_or_change('change_high', 'figure_decimals') }},
                ''
            )
            || ' ' || unit_text || ' ('
            || if(
                is_level,
                '',
                {{ format_price('reference_close') }} || ' on ' || reference_session_date || ' to '
            )
            || {{ format_price('level_low') }} || ' on ' || level_session_date
            || factors_text || ')'
    end as move_text,
    observation_source,
from figured
