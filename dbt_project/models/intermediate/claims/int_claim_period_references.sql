with claims as (
    select * from {{ ref('int_claims') }}
    where measure in ('price_change', 'market_value_change')
),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

prices as (select * from {{ ref('int_prices') }}),

quality as (select * from {{ ref('int_bar_quality') }}),

-- the span that the claim names, and the week, which is what a move of a day is mistaken for
spans as (
    select
        claims.claim_id,
        claims.symbol,
        claim_sessions.mic,
        claims.session_date,
        claim_sessions.scheduled_previous_session_date,
        unnest(list_distinct(['week', claims.period])) as period,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
    where claim_sessions.session_index is not null
),

begun as (
    select
        *,
        case period
            when 'two_session' then scheduled_previous_session_date
            when 'week' then cast(date_trunc('week', session_date) as date)
            when 'month' then cast(date_trunc('month', session_date) as date)
            when 'year_to_date' then cast(date_trunc('year', session_date) as date)
            -- the day after the same day a year ago
            when 'year' then cast(session_date - interval 1 year + interval 1 day as date)
        end as begins_on,
    from spans
    where period in ('two_session', 'week', 'month', 'year_to_date', 'year')
),

-- the last session before it began, whether its bar is usable or not
referenced as (
    select
        begun.*,
        sessions.session_date as reference_session_date,
    from begun
    asof inner join sessions
        on
            begun.mic = sessions.mic
            and begun.begins_on > sessions.session_date
)

select
    referenced.claim_id,
    referenced.period,
    referenced.begins_on,
    referenced.reference_session_date,
    prices.close as reference_close,
    prices.correction_citation as reference_citation,
    quality.quality as reference_quality,
from referenced
left join prices
    on
        referenced.symbol = prices.symbol
        and referenced.reference_session_date = prices.session_date
left join quality
    on
        referenced.symbol = quality.symbol
        and referenced.reference_session_date = quality.session_date
