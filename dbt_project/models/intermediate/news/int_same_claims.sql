{% set fewest = var('same_claims_figures') %}

with claims as (select * from {{ ref('int_claims') }}),

articles as (select * from {{ ref('stg_articles') }}),

positions as (select * from {{ ref('int_article_positions') }}),

-- the numbers that an article states of listings; few of them agree by chance
figures as (
    select distinct
        claims.article_id,
        positions.position,
        articles.language,
        articles.published_at,
        row(claims.symbol, claims.measure, claims.sign, claims.value, claims.unit) as figure,
    from claims
    inner join articles on claims.article_id = articles.article_id
    inner join positions on claims.article_id = positions.article_id
    where
        claims.symbol is not null
        and claims.value is not null
        and claims.measure in {{ price_measures() }}
),

counted as (
    select
        *,
        count(*) over (partition by article_id) as figure_count,
    from figures
    qualify figure_count >= {{ fewest }}
),

-- a story is translated within days; the same moves reported in one language are news of their own
shared as (
    select
        later.article_id,
        earlier.article_id as other_article_id,
        later.figure_count,
        earlier.figure_count as other_figure_count,
        count(*) as shared_figures,
    from counted as later
    inner join counted as earlier
        on
            later.figure = earlier.figure
            and later.position > earlier.position
            and later.language <> earlier.language
            and later.published_at
            <= earlier.published_at + interval {{ var('same_claims_days') }} day
    group by all
    having shared_figures >= {{ fewest }}
)

select
    article_id,
    other_article_id,
    'same_claims' as link_kind,
    100.0 * shared_figures / (figure_count + other_figure_count - shared_figures)
        as similarity_pct,
from shared
where similarity_pct >= {{ var('same_claims_pct') }}
