with articles as (select * from {{ ref('int_article_positions') }}),

-- each copy is paired with the first of its group, not with every other one: a text that a
-- hundred papers print makes ninety-nine pairs
same_address as (
    select
        article_id,
        first_value(article_id) over (
            partition by canonical_url
            order by position
        ) as other_article_id,
    from articles
    where canonical_url is not null
),

exact_copies as (
    select
        article_id,
        first_value(article_id) over (
            partition by text_hash
            order by position
        ) as other_article_id,
    from articles
    where text_hash is not null
)

select
    article_id,
    other_article_id,
    'same_address' as link_kind,
    cast(null as double) as similarity_pct,
from same_address
where article_id <> other_article_id

union all

select
    article_id,
    other_article_id,
    'exact_copy' as link_kind,
    100.0 as similarity_pct,
from exact_copies
where article_id <> other_article_id
