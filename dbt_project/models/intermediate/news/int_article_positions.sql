with articles as (select * from {{ ref('stg_articles') }})

-- of two articles that tell the same, the one that came first is the original
select
    article_id,
    canonical_url,
    text_hash,
    fingerprint,
    row_number() over (order by published_at, first_seen_at, article_id) as position,
from articles
