{{ config(materialized='view') }}

with claims as (
    select * from {{ ref('int_claims') }}
    where
        measure
        in ('largest_fall_since', 'largest_rise_since', 'recovered_after_early_fall')
),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

extremes as (select * from {{ ref('int_claim_extremes') }}),

recoveries as (select * from {{ ref('int_claim_recoveries') }}),

moves as (
    select
        claims.measure,
        if(claims.measure = 'largest_rise_since', 'rise', 'fall') as extreme,
        claim_sessions.*,
        coalesce(extremes.finding, recoveries.finding) as finding,
        extremes.first_move_session_date,
        {% for level in ['open', 'high', 'low', 'close'] -%}
            {{ signed_number('100 * (' ~ level ~ ' / previous_close - 1)', 2) }} || ' %'
                as {{ level }}_change,
        {% endfor -%}
        {{ signed_number('claims.sign * extremes.last_larger_move_pct', 2) }} || ' % on '
        || extremes.last_larger_session_date
        || if(extremes.is_last_larger_corrected, ', by a corrected close', '') as last_larger,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
    left join extremes on claims.claim_id = extremes.claim_id
    left join recoveries on claims.claim_id = recoveries.claim_id
)

select
    claim_id,
    case
        when measure = 'recovered_after_early_fall'
            then
                'It opened at ' || open_change || ' (' || {{ format_price('open') }}
                || ') and closed at ' || close_change || ' (' || {{ format_price('close') }}
                || '), against ' || {{ format_price('previous_close') }} || ' on '
                || previous_session_date || '.' || case finding
                    when 'confirmed' then ''
                    when 'no_fall' then ' It never fell below that close.'
                    when 'no_recovery' then ' It never rose above that close.'
                    when 'stood_above'
                        then
                            ' It ended no higher than that close; its low was ' || low_change
                            || ' and its high ' || high_change || '.'
                    else
                        ' It opened no lower than that close; its low of ' || low_change
                        || ' came later, and a daily bar does not tell when.'
                end
        else
            'At the close the change was ' || close_change || ' ('
            || {{ format_price('previous_close') }} || ' on ' || previous_session_date || ' to '
            || {{ format_price('close') }} || ' on ' || session_date || '). ' || case
                when finding = 'other_direction' then 'That is no ' || extreme || '.'
                when finding = 'larger_since'
                    then
                        'A ' || extreme || ' at least as large came after that month: '
                        || last_larger || '.'
                when finding = 'confirmed'
                    then
                        'The last ' || extreme || ' at least as large was ' || last_larger
                        || ', in the month that it names.'
                else
                    'The month that it names has no ' || extreme || ' as large; ' || coalesce(
                        'the last one was ' || last_larger,
                        'none is on file since the moves begin on ' || first_move_session_date
                    ) || '.'
            end
    end as finding_text,
from moves
where finding is not null
