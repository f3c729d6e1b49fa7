with copies as (select * from {{ ref('int_article_copies') }}),

near_duplicates as (select * from {{ ref('int_near_duplicates') }}),

same_claims as (select * from {{ ref('int_same_claims') }}),

positions as (select * from {{ ref('int_article_positions') }}),

-- another kind of link is one more `union all` here, and its rank below
pairs as (
    select
        article_id,
        other_article_id,
        link_kind,
        similarity_pct,
    from copies
    union all
    select
        article_id,
        other_article_id,
        link_kind,
        similarity_pct,
    from near_duplicates
    union all
    select
        article_id,
        other_article_id,
        link_kind,
        similarity_pct,
    from same_claims
),

-- whichever way round a pair was found, the later article is the copy
oriented as (
    select
        pairs.link_kind,
        pairs.similarity_pct,
        if(ones.position > others.position, ones.article_id, others.article_id) as article_id,
        if(ones.position > others.position, others.article_id, ones.article_id)
            as linked_article_id,
        least(ones.position, others.position) as linked_position,
        case pairs.link_kind
            when 'exact_copy' then 1
            when 'same_address' then 2
            when 'near_duplicate' then 3
            when 'same_claims' then 4
            else 5
        end as kind_rank,
    from pairs
    inner join positions as ones on pairs.article_id = ones.article_id
    inner join positions as others on pairs.other_article_id = others.article_id
    where ones.position <> others.position
)

select
    article_id,
    linked_article_id,
    link_kind,
    similarity_pct,
from oriented
qualify
    row_number() over (
        partition by article_id
        order by kind_rank asc, similarity_pct desc, linked_position asc
    ) = 1
