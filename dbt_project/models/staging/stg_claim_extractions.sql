with claim_extractions as (
    {{ landed('claim_extractions') }}
),

articles as (select * from {{ ref('stg_articles') }})

-- one reading for each article: of its newest version, by the extractor that read it last
select
    claim_extractions.article_id,
    claim_extractions.article_hash,
    claim_extractions.extractor_version,
    claim_extractions.language,
    claim_extractions.claims,
    claim_extractions.outcome,
    claim_extractions.fetched_at,
from claim_extractions
inner join articles
    on
        claim_extractions.article_id = articles.article_id
        and claim_extractions.article_hash = articles.article_hash
qualify
    row_number() over (
        partition by claim_extractions.article_id
        order by claim_extractions.fetched_at desc, claim_extractions.batch desc
    ) = 1
