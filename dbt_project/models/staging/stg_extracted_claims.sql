with extracted_claims as (
    {{ landed('extracted_claims') }}
),

extractions as (select * from {{ ref('stg_claim_extractions') }})

-- a reading that was cut short lands its claims once more: the newest copy of each counts
select
    extracted_claims.article_id,
    extracted_claims.extractor_version,
    extracted_claims.claim_index,
    extracted_claims.part,
    extracted_claims.span_start,
    extracted_claims.span_end,
    extracted_claims.subject,
    extracted_claims.symbol,
    extracted_claims.measure,
    extracted_claims.direction,
    extracted_claims.stated_value,
    extracted_claims.stated_value_to,
    cast(extracted_claims.scale as double) as scale,
    extracted_claims.unit,
    extracted_claims.qualifier,
    extracted_claims.as_of,
    extracted_claims.period,
    cast(extracted_claims.stated_date as date) as stated_date,
    extracted_claims.stated_date_rule,
    extracted_claims.rule,
    cast(extracted_claims.confidence as double) as confidence,
    extracted_claims.language,
from extracted_claims
inner join extractions
    on
        extracted_claims.article_id = extractions.article_id
        and extracted_claims.article_hash = extractions.article_hash
        and extracted_claims.extractor_version = extractions.extractor_version
qualify
    row_number() over (
        partition by extracted_claims.article_id, extracted_claims.claim_index
        order by extracted_claims.fetched_at desc, extracted_claims.batch desc
    ) = 1
