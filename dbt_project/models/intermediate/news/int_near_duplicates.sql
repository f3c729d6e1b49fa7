{# A fingerprint is 60 minima. Two texts that share a part s of their runs of words agree in all 3
   minima of at least one of 20 bands with probability 1 - (1 - s^3)^20: 0.99 at s = 0.6. #}
{% set rows_of_band = 3 %}
{% set band_count = 20 %}

with articles as (select * from {{ ref('int_article_positions') }}),

-- exact copies would only repeat the pairs of the first one
texts as (
    select *
    from articles
    where fingerprint is not null
    qualify row_number() over (partition by text_hash order by position) = 1
),

bands as (
    select
        texts.article_id,
        texts.position,
        band_numbers.band,
        texts.fingerprint[
            {{ rows_of_band }} * band_numbers.band + 1
            :{{ rows_of_band }} * band_numbers.band + {{ rows_of_band }}
        ] as minima,
    from texts
    cross join range({{ band_count }}) as band_numbers (band)
),

candidates as (
    select distinct
        later.article_id,
        earlier.article_id as other_article_id,
    from bands as later
    inner join bands as earlier
        on
            later.band = earlier.band
            and later.minima = earlier.minima
            and later.position > earlier.position
),

compared as (
    select
        candidates.article_id,
        candidates.other_article_id,
        100.0 * len(
            list_filter(
                list_zip(texts.fingerprint, others.fingerprint),
                pair -> pair[1] = pair[2]
            )
        ) / len(texts.fingerprint) as similarity_pct,
    from candidates
    inner join texts on candidates.article_id = texts.article_id
    inner join texts as others on candidates.other_article_id = others.article_id
)

select
    article_id,
    other_article_id,
    'near_duplicate' as link_kind,
    similarity_pct,
from compared
where similarity_pct >= {{ var('near_duplicate_pct') }}
