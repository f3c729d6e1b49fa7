with bar_incidents as (select * from {{ ref('int_bar_incidents') }}),

disagreements as (select * from {{ ref('int_provider_disagreements') }}),

corrections as (select * from {{ ref('int_price_corrections') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

served as (select * from {{ ref('stg_daily_bars') }}),

-- a price for a day that needs none, or that cannot be used, would be lost without a word
unused_corrections as (
    select
        corrections.symbol,
        instruments.mic,
        corrections.session_date,
        'unused_correction' as reason,
        'the correction is not used: ' || corrections.unused_reason as detail,
        false as is_quarantined,
    from corrections
    left join instruments on corrections.symbol = instruments.symbol
    where corrections.unused_reason is not null
),

-- one row for all bars of a symbol that nobody described
unknown_instruments as (
    select
        served.symbol,
        max(served.session_date) as session_date,
        'unknown_instrument' as reason,
        count(*) || ' bars from ' || min(served.session_date) || ' to ' || max(served.session_date)
        || ' are of a symbol that instruments.csv does not have' as detail,
        true as is_quarantined,
        max(served.fetched_at) as fetched_at,
    from served
    left join instruments on served.symbol = instruments.symbol
    where instruments.symbol is null
    group by served.symbol
),

-- which of them is wrong nobody can say here, and a true fall must not wait for a late provider
provider_disagreements as (
    select
        disagreements.symbol,
        instruments.mic,
        disagreements.session_date,
        'provider_disagreement' as reason,
        printf(
            'the %s is %s from %s and %s from %s, %.2f %% apart; the bar of %s is used',
            disagreements.field,
            cast(disagreements.lowest as varchar),
            disagreements.lowest_provider,
            cast(disagreements.highest as varchar),
            disagreements.highest_provider,
            disagreements.difference_pct,
            disagreements.provider
        ) as detail,
        false as is_quarantined,
        disagreements.close as served_close,
        disagreements.provider,
        disagreements.fetched_at,
    from disagreements
    left join instruments on disagreements.symbol = instruments.symbol
),

incidents as (
    select * from bar_incidents
    union all by name
    select * from unused_corrections
    union all by name
    select * from unknown_instruments
    union all by name
    select * from provider_disagreements
)

select
    incidents.symbol || '|' || incidents.session_date || '|' || incidents.reason
        as price_incident_id,
    incidents.symbol,
    incidents.mic,
    incidents.session_date,
    incidents.reason,
    incidents.detail,
    incidents.is_quarantined,
    incidents.served_close,
    incidents.previous_served_close,
    try_cast(incidents.volume as bigint) as volume_shares,
    corrections.close as corrected_close,
    corrections.citation as correction_citation,
    incidents.provider,
    incidents.fetched_at,
from incidents
left join corrections
    on
        incidents.symbol = corrections.symbol
        and incidents.session_date = corrections.session_date
        and corrections.unused_reason is null
