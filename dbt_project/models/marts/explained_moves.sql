with abnormal_moves as (select * from {{ ref('int_abnormal_moves') }}),

move_articles as (select * from {{ ref('int_move_articles') }}),

articles as (select * from {{ ref('stg_articles') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

claims as (select * from {{ ref('int_claims') }}),

verdicts as (select * from {{ ref('int_claim_verdicts') }}),

-- a claim names the move if prices can decide it and it speaks of that session of the issuer
naming as (
    select
        move_articles.symbol,
        move_articles.session_date,
        move_articles.article_id,
        claims.claim_id,
        row(claims.symbol, claims.measure, claims.unit, claims.value) as figure,
        verdicts.verdict,
        verdicts.verdict in ('confirmed', 'consistent_intraday', 'confirmed_other_basis')
            as is_fitting,
        row_number() over (
            partition by move_articles.symbol, move_articles.session_date, move_articles.article_id
            -- its own listing before another, a change before a level, a number before a direction
            order by
                claims.symbol <> move_articles.symbol asc,
                ends_with(claims.measure, '_change') desc,
                claims.value is null asc,
                claims.claim_id asc
        ) as place,
    from move_articles
    inner join claims
        on
            move_articles.article_id = claims.article_id
            and move_articles.session_date = claims.session_date
    inner join instruments
        on
            claims.symbol = instruments.symbol
            and move_articles.issuer = instruments.issuer
    inner join verdicts
        on
            claims.claim_id = verdicts.claim_id
            and verdicts.verdict <> 'not_testable'
),

-- a figure that is both documented and found in the text is one
counted as (
    select
        symbol,
        session_date,
        article_id,
        count(distinct figure) as naming_claims,
        count(distinct figure) filter (where is_fitting) as fitting_claims,
    from naming
    group by all
)

select
    abnormal_moves.symbol || '|' || abnormal_moves.session_date || '|' || move_articles.article_id
        as explained_move_id,
    abnormal_moves.symbol,
    abnormal_moves.mic,
    abnormal_moves.session_date,
    abnormal_moves.return_pct,
    abnormal_moves.abnormal_return_pct,
    abnormal_moves.z_score,
    move_articles.article_id,
    articles.publisher,
    move_articles.published_at,
    cast(coalesce(counted.naming_claims, 0) as integer) as naming_claims,
    cast(coalesce(counted.fitting_claims, 0) as integer) as fitting_claims,
    naming.claim_id,
    naming.verdict,
    naming.is_fitting,
from abnormal_moves
inner join move_articles
    on
        abnormal_moves.symbol = move_articles.symbol
        and abnormal_moves.session_date = move_articles.session_date
inner join articles on move_articles.article_id = articles.article_id
left join counted
    on
        move_articles.symbol = counted.symbol
        and move_articles.session_date = counted.session_date
        and move_articles.article_id = counted.article_id
left join naming
    on
        move_articles.symbol = naming.symbol
        and move_articles.session_date = naming.session_date
        and move_articles.article_id = naming.article_id
        and naming.place = 1
