with links as (select * from {{ ref('int_article_links') }}),

stories as (select * from {{ ref('int_article_stories') }})

select
    links.article_id,
    links.linked_article_id,
    stories.story_id,
    links.link_kind,
    links.similarity_pct,
from links
inner join stories on links.article_id = stories.article_id
