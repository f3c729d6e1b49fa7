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
    -- batches from before these columns hold what was stated, and nothing derived
    if(published_at_source is null, language, stated_language) as stated_language,
    detected_language,
    published_at,
    coalesce(published_at_source, 'stated') as published_at_source,
    published_at_note,
    first_seen_at,
    url,
    canonical_url,
    title,
    body,
    coalesce(derived_fields, '') as derived_fields,
    text_hash,
    fingerprint,
    article_hash,
    provider,
from newest
