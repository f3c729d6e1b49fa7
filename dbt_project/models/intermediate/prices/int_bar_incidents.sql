{{ config(materialized='view') }}

with quality as (select * from {{ ref('int_bar_quality') }}),

incidents as (
    select
        *,
        quality as reason,
    from quality
    where quality <> 'ok'
    union all
    -- the same bar twice in one fetch: one copy is used, the other is on record
    select
        *,
        'duplicate' as reason,
    from quality
    where quality = 'ok' and copies > 1
)

select
    symbol,
    mic,
    session_date,
    reason,
    case reason
        when 'missing' then 'a scheduled session without a close'
        when 'stale'
            then
                'volume is zero and every price repeats the previous close of '
                || previous_served_close
        when 'inverted'
            then
                'low ' || coalesce(cast(low as varchar), 'none')
                || ', high ' || coalesce(cast(high as varchar), 'none')
                || ' and close ' || close || ' contradict each other'
        when 'non_positive'
            then if(volume < 0, 'the volume is below zero', 'a price is zero or below')
        when 'conflicting_duplicate'
            then
                'one fetch served ' || variants || ' different bars, closes '
                || coalesce(cast(lowest_close as varchar), 'none') || ' to '
                || coalesce(cast(highest_close as varchar), 'none')
        when 'duplicate' then 'one fetch served the same bar ' || copies || ' times'
        when 'off_calendar' then 'the exchange has no session on this day'
        when 'future' then 'the bar was fetched before the session closed'
        when 'other_currency'
            then 'served in ' || served_currency || ', the instrument is quoted in ' || currency
        when 'suspected_split'
            then
                printf(
                    'the close is off the last trusted level by a factor of %.2f, which neither a '
                    || 'recorded split nor unusual turnover explains',
                    level_factor
                )
    end as detail,
    reason <> 'duplicate' as is_quarantined,
    close as served_close,
    previous_served_close,
    volume,
    provider,
    fetched_at,
from incidents
