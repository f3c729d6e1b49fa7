with articles as (select * from {{ ref('stg_articles') }}),

stories as (select * from {{ ref('int_article_stories') }})

select
    articles.article_id,
    stories.story_id,
    articles.publisher,
    articles.language,
    articles.stated_language,
    articles.detected_language,
    articles.stated_language <> articles.detected_language as is_language_disputed,
    articles.published_at,
    articles.published_at_source,
    articles.published_at_note,
    articles.first_seen_at,
    articles.published_at > articles.first_seen_at as is_stamped_after_first_sight,
    articles.url,
    articles.canonical_url,
    articles.title,
    length(articles.body) as body_characters,
    articles.derived_fields,
    articles.text_hash,
    articles.article_hash,
    articles.provider,
from articles
inner join stories on articles.article_id = stories.article_id
