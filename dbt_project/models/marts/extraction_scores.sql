with claims as (select * from {{ ref('int_claims') }}),

articles as (select * from {{ ref('stg_articles') }}),

extractions as (select * from {{ ref('stg_claim_extractions') }}),

-- what makes two claims the same figure: of a number its interval, which has the printed decimals
-- and the end of a range in it
figures as (
    select
        article_id,
        claim_source,
        figure_id,
        measure in {{ price_measures() }} or measure = 'rank_of_day' as is_price_family,
        row(
            symbol,
            measure,
            direction,
            unit,
            qualifier,
            value,
            interval_high,
            if(unit = 'month', stated_value, null)
        ) as figure,
    from claims
),

-- a figure that an article prints twice is found twice and wrong neither time
compared as (
    select
        article_id,
        claim_source = 'documented' as is_documented,
        figure_id,
        is_price_family,
        count_if(
            claim_source <> 'documented'
        ) over (partition by article_id, figure) > 0 as is_found,
        count_if(
            claim_source = 'documented'
        ) over (partition by article_id, figure) > 0 as is_in_gold,
    from figures
),

counted as (
    select
        article_id,
        count_if(is_documented) as documented_figures,
        count_if(is_documented and is_found) as found_figures,
        string_agg(
            if(is_documented and not is_found, figure_id, null), ' ' order by figure_id
        ) as missed_figure_ids,
        count_if(not is_documented and is_in_gold) as right_claims,
        count_if(not is_documented and not is_in_gold and is_price_family) as extra_claims,
    from compared
    group by article_id
    having documented_figures > 0
)

select
    counted.article_id,
    articles.language,
    coalesce(articles.provider = 'recorded', false) as is_gold,
    extractions.extractor_version,
    cast(counted.documented_figures as integer) as documented_figures,
    cast(counted.found_figures as integer) as found_figures,
    cast(counted.documented_figures - counted.found_figures as integer) as missed_figures,
    counted.missed_figure_ids,
    cast(counted.right_claims as integer) as right_claims,
    cast(counted.extra_claims as integer) as extra_claims,
    100.0 * counted.found_figures / counted.documented_figures as recall_pct,
    100.0 * counted.right_claims / nullif(counted.right_claims + counted.extra_claims, 0)
        as precision_pct,
from counted
left join articles on counted.article_id = articles.article_id
left join extractions on counted.article_id = extractions.article_id
