with recursive articles as (select * from {{ ref('int_article_positions') }}),

links as (select * from {{ ref('int_article_links') }}),

-- each link leads to an earlier article, so every way ends at one that is no copy
stories as (
    select
        articles.article_id,
        articles.article_id as story_id,
    from articles
    anti join links on articles.article_id = links.article_id
    union all
    select
        links.article_id,
        stories.story_id,
    from links
    inner join stories on links.linked_article_id = stories.article_id
)

select
    article_id,
    story_id,
from stories
