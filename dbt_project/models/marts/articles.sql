with articles as (select * from {{ ref('stg_articles') }})

select
    article_id,
    publisher,
    language,
    published_at,
    first_seen_at,
    published_at > first_seen_at as is_stamped_after_first_sight,
    url,
    title,
    length(body) as body_characters,
    article_hash,
    provider,
from articles
