with quality as (

    select * from {{ ref('int_bar_quality') }}

),

prices as (

    select
        symbol,
        session_date,
        close,
        correction_citation,
    from {{ ref('int_prices') }}
    where price_source = 'correction'

),

quarantined as (

    select
        *,
        quality as reason,
    from quality
    where quality <> 'ok'

),

-- the same bar twice in one fetch: one copy is used, the other is on record
repeated as (

    select
        *,
        'duplicate' as reason,
    from quality
    where quality = 'ok' and copies > 1

),

incidents as (

    select * from quarantined
    union all
    select * from repeated

)

select
    incidents.symbol || '|' || incidents.session_date || '|' || incidents.reason
        as price_incident_id,
    incidents.symbol,
    incidents.mic,
    incidents.session_date,
    incidents.reason,
    case incidents.reason
        when 'missing' then 'a scheduled session without a close'
        when 'stale' then 'volume is zero and every price repeats the previous close of '
            || incidents.previous_served_close
        when 'inverted' then 'low ' || incidents.low || ', high ' || incidents.high
            || ' and close ' || incidents.close || ' contradict each other'
        when 'non_positive' then 'a price is zero or below'
        when 'conflicting_duplicate' then 'one fetch served ' || incidents.variants
            || ' different bars, closes ' || coalesce(cast(incidents.lowest_close as varchar), 'none')
            || ' to ' || coalesce(cast(incidents.highest_close as varchar), 'none')
        when 'duplicate' then 'one fetch served the same bar ' || incidents.copies || ' times'
        when 'off_calendar' then 'the exchange has no session on this day'
        when 'future' then 'the session lies after the fetch'
        when 'suspected_split' then printf(
            'the close moved by a factor of %.2f without a recorded split or unusual turnover',
            incidents.jump_ratio
        )
    end as detail,
    incidents.reason <> 'duplicate' as is_quarantined,
    incidents.close as served_close,
    incidents.previous_served_close,
    cast(incidents.volume as bigint) as volume_shares,
    prices.close as corrected_close,
    prices.correction_citation,
    incidents.provider,
    incidents.fetched_at,
from incidents
left join prices
    on
        incidents.symbol = prices.symbol
        and incidents.session_date = prices.session_date
