with articles as (
    {{ landed('articles') }}
),

-- an article that its publisher changed lands again: the newest text is the article
newest as (
    select
        *,
        min(fetched_at) over (partition by article_id) as first_seen_at,
    from articles
    qualify
        row_number() over (
            partition by article_id
            order by fetched_at desc, batch desc, article_hash asc
        ) = 1
)

select
    article_id,
    publisher,
    language,
    published_at,
    first_seen_at,
    url,
    title,
    body,
    article_hash,
    provider,
from newest
