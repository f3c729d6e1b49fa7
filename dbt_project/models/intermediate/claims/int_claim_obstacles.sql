{%- set is_extreme = "claims.measure in ('largest_fall_since', 'largest_rise_since')" -%}

with claims as (select * from {{ ref('int_claims') }}),

day_obstacles as (select * from {{ ref('int_claim_day_obstacles') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

factors as (select * from {{ ref('int_claim_factors') }}),

extremes as (select * from {{ ref('int_claim_extremes') }}),

recoveries as (select * from {{ ref('int_claim_recoveries') }}),

periods as (select * from {{ ref('int_claim_period_references') }})

-- in the order in which a person would look: the day and its bars, what the claim says, then what
-- its measure needs besides
select
    claims.claim_id,
    case
        when day_obstacles.day_obstacle is not null then day_obstacles.day_obstacle
        when claims.own_basis is null
            then
                'No basis on file answers a figure as of "'
                || replace(claims.as_of, '_', ' ') || '"'
                || if(claims.period = 'session', '', ' over a ' || replace(claims.period, '_', ' '))
                || '.'
        when claims.measure = 'recovered_after_early_fall'
            then
                if(
                    recoveries.finding is null,
                    'The bar of ' || claims.session_date || ' has no open or no low.',
                    null
                )
        when {{ is_extreme }} and extremes.since_month is null
            then 'The claim names no month that can be read.'
        when {{ is_extreme }} and extremes.finding <> 'hidden' then null
        when {{ is_extreme }} and extremes.hidden_sessions = 0
            then 'The calendar on file begins after the month that the claim names.'
        when {{ is_extreme }}
            then
                'No move of one session is on file for ' || extremes.first_hidden_session_date
                || coalesce(
                    ' and ' || nullif(extremes.hidden_sessions - 1, 0) || ' later sessions', ''
                ) || ', where a larger '
                || if(claims.measure = 'largest_fall_since', 'fall', 'rise') || ' could lie.'
        when claims.interval_low is null then 'The claim states no number that can be read.'
        when bases.claim_id is not null then null
        when claims.own_basis in ('open', 'low', 'high') and claim_sessions.close is not null
            then 'The bar of ' || claims.session_date || ' has no ' || claims.own_basis || '.'
        when claims.own_basis = periods.period and periods.reference_close is null
            then
                'The bar of the last session before the ' || {{ period_noun('periods.period') }}
                || ', ' || periods.reference_session_date || ', is '
                || {{ quality_words('periods.reference_quality') }} || '.'
        when
            claims.own_basis in ('two_session', 'week', 'month', 'year_to_date', 'year')
            and periods.claim_id is null
            then 'The calendar on file begins after the span that the claim names.'
        when
            starts_with(claims.measure, 'market_value')
            and factors.shares_outstanding is null
            and length(claims.unit) = 3
            then
                'No share count of ' || claims.symbol || ' on or before ' || claims.session_date
                || ' is on file.'
        when
            claims.measure in ('market_value_change', 'market_value_level', 'price_level')
            and factors.stated_currency <> factors.quote_currency
            and factors.rate_of_day is null
            then
                'No exchange rate between ' || factors.quote_currency || ' and '
                || factors.stated_currency || ' is on file for ' || claims.session_date || '.'
        else
            'The prices on file do not give a ' || replace(claims.measure, '_', ' ') || ' of '
            || claims.symbol || ' in ' || {{ unit_words() }} || '.'
    end as obstacle,
from claims
inner join day_obstacles on claims.claim_id = day_obstacles.claim_id
left join claim_sessions on claims.claim_id = claim_sessions.claim_id
left join bases
    on
        claims.claim_id = bases.claim_id
        and claims.own_basis = bases.basis
left join factors on claims.claim_id = factors.claim_id
left join extremes on claims.claim_id = extremes.claim_id
left join recoveries on claims.claim_id = recoveries.claim_id
left join periods
    on
        claims.claim_id = periods.claim_id
        and claims.period = periods.period
