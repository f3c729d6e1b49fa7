with extracted as (select * from {{ ref('stg_extracted_claims') }}),

articles as (select * from {{ ref('stg_articles') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

listed as (
    select
        extracted.*,
        articles.published_at,
        instruments.mic,
        instruments.currency,
    from extracted
    inner join articles on extracted.article_id = articles.article_id
    left join instruments on extracted.symbol = instruments.symbol
),

-- the sessions that the article could mean, by the clock of the listing's own exchange
dated as (
    select
        listed.*,
        named.session_date as named_session_date,
        closed.session_date as closed_session_date,
        opened.session_date as opened_session_date,
        unfinished.session_date as unfinished_session_date,
    from listed
    left join sessions as named
        on
            listed.mic = named.mic
            and listed.stated_date = named.session_date
    asof left join sessions as closed
        on
            listed.mic = closed.mic
            and listed.published_at >= closed.closes_at
    asof left join sessions as opened
        on
            listed.mic = opened.mic
            and listed.published_at >= opened.opens_at
    asof left join sessions as unfinished
        on
            listed.mic = unfinished.mic
            and listed.published_at < unfinished.closes_at
),

ruled as (
    select
        *,
        case
            when mic is null then 'no_listing'
            when stated_date is not null then 'stated_date'
            when as_of in ('close', 'after_hours') then 'last_close'
            when as_of = 'premarket' then 'next_close'
            else 'last_open'
        end as session_rule,
    from dated
)

select
    'extracted|' || article_id || '|' || claim_index as claim_id,
    article_id,
    extractor_version,
    language,
    part,
    span_start,
    span_end,
    rule,
    confidence,
    subject,
    symbol,
    measure,
    direction,
    stated_value,
    stated_value_to,
    scale,
    unit,
    qualifier,
    as_of,
    period,
    stated_date,
    stated_date_rule,
    session_rule,
    case session_rule
        when 'stated_date' then named_session_date
        when 'last_close' then closed_session_date
        when 'next_close' then unfinished_session_date
        when 'last_open' then opened_session_date
    end as session_date,
    {{ untestable_reason() }} as untestable_reason,
    case
        when session_rule = 'stated_date' and named_session_date is null
            then 'The article dates it ' || stated_date || ', which is no session of ' || mic || '.'
    end as session_reason,
    'prices'
    || if(starts_with(measure, 'market_value'), '+shares', '')
    || if(coalesce(length(unit) = 3 and unit <> lower(currency), false), '+fx', '')
        as prices_needed,
from ruled
