with claims as (select * from {{ ref('int_claims') }}),

verdicts as (select * from {{ ref('int_claim_verdicts') }}),

explanations as (select * from {{ ref('int_claim_explanations') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

corrections as (select * from {{ ref('int_claim_corrections') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

slips as (
    select
        claim_id,
        kind as slip_kind,
        reading,
        value as slip_value,
    from {{ ref('int_claim_slips') }}
),

triangulations as (select * from {{ ref('int_claim_triangulations') }}),

articles as (select * from {{ ref('stg_articles') }}),

extracted as (
    select
        claim_id,
        extractor_version,
        part,
        span_start,
        span_end,
        rule,
        confidence,
        session_rule,
    from {{ ref('int_extracted_claims') }}
)

select
    claims.claim_id,
    claims.claim_source,
    claims.figure_id,
    claims.article_id,
    articles.publisher,
    articles.url as article_url,
    claims.subject,
    claims.symbol,
    claims.measure,
    claims.direction,
    {{ stated_text() }} as stated_text,
    claims.value as stated_value,
    claims.unit,
    claims.qualifier,
    claims.as_of,
    claims.period,
    claims.session_date,
    coalesce(extracted.session_rule, 'documented') as session_rule,
    claims.interval_low,
    claims.interval_high,
    claims.is_interval_low_included,
    claims.is_interval_high_included,
    {{ interval_text() }} as interval_text,
    verdicts.basis,
    deciding.derived_value,
    at_close.derived_value as derived_close_value,
    in_range.derived_low as derived_low_value,
    in_range.derived_high as derived_high_value,
    verdicts.verdict,
    case when slips.slip_kind = 'reading' then slips.reading end as nearest_reading,
    case when slips.slip_kind = 'slip' then slips.reading end as slip,
    slips.slip_value,
    explanations.explanation,
    claim_sessions.close,
    claim_sessions.previous_close,
    claim_sessions.previous_session_date as previous_close_session_date,
    claim_sessions.previous_close_source,
    claim_sessions.currency,
    claim_sessions.snapshot as price_snapshot,
    claim_sessions.prices_fetched_at,
    corrections.claim_id is not null as rests_on_correction,
    corrections.correction_citation,
    triangulations.close_session_date as triangulated_close_session_date,
    triangulations.implied_low as triangulated_low_close,
    triangulations.implied_high as triangulated_high_close,
    extracted.part as article_part,
    cast(extracted.span_start as integer) as span_start,
    cast(extracted.span_end as integer) as span_end,
    extracted.rule as extraction_rule,
    extracted.confidence,
    extracted.extractor_version,
    claims.expected_verdict,
    claims.testable_from,
from claims
inner join verdicts on claims.claim_id = verdicts.claim_id
inner join explanations on claims.claim_id = explanations.claim_id
left join claim_sessions on claims.claim_id = claim_sessions.claim_id
left join corrections on claims.claim_id = corrections.claim_id
left join bases as deciding
    on
        claims.claim_id = deciding.claim_id
        and verdicts.basis = deciding.basis
left join bases as at_close
    on
        claims.claim_id = at_close.claim_id
        and at_close.basis = 'close_to_close'
left join bases as in_range
    on
        claims.claim_id = in_range.claim_id
        and in_range.basis = 'intraday_range'
left join triangulations on claims.claim_id = triangulations.claim_id
left join slips on claims.claim_id = slips.claim_id
left join articles on claims.article_id = articles.article_id
left join extracted on claims.claim_id = extracted.claim_id
