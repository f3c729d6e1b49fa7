{% set fewest = var('same_claims_figures') %}
{% set share_pct = var('same_claims_pct') %}

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
        count(*) over (partition by figure) as frequency,
    from figures
    qualify figure_count >= {{ fewest }}
),

-- in one order for all articles, the rarest figure first
ranked as (
    select
        *,
        row_number() over (partition by article_id order by frequency, figure) as rarity,
    from counted
),

-- two that share so large a part share one of the figures with which they begin in that order
-- (Bayardo, Ma and Srikant 2007): a figure that every paper prints brings no pairs together
rarest as (
    select *
    from ranked
    where rarity <= figure_count - ceil(figure_count * {{ share_pct }} / 100.0) + 1
),

-- a story is translated within days; the same moves reported in one language are news of their own
candidates as (
    select distinct
        later.article_id,
        earlier.article_id as other_article_id,
    from rarest as later
    inner join rarest as earlier
        on
            later.figure = earlier.figure
            and later.position > earlier.position
            and later.language <> earlier.language
            and later.published_at
            <= earlier.published_at + interval {{ var('same_claims_days') }} day
),

sets as (
    select
        article_id,
        list(figure) as figures,
    from ranked
    group by article_id
),

compared as (
    select
        candidates.article_id,
        candidates.other_article_id,
        len(list_intersect(sets.figures, others.figures)) as shared_figures,
        len(sets.figures) + len(others.figures) as stated_figures,
    from candidates
    inner join sets on candidates.article_id = sets.article_id
    inner join sets as others on candidates.other_article_id = others.article_id
)

select
    article_id,
    other_article_id,
    'same_claims' as link_kind,
    100.0 * shared_figures / (stated_figures - shared_figures) as similarity_pct,
from compared
where
    shared_figures >= {{ fewest }}
    and similarity_pct >= {{ share_pct }}
