with abnormal_moves as (select * from {{ ref('int_abnormal_moves') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

articles as (select * from {{ ref('stg_articles') }}),

claims as (select * from {{ ref('int_claims') }}),

-- an article about one listing is about its issuer, and so about every other listing of it
coverage as (
    select distinct
        instruments.issuer,
        articles.article_id,
        articles.published_at,
    from claims
    inner join articles on claims.article_id = articles.article_id
    inner join instruments on claims.symbol = instruments.symbol
),

-- from the previous session's open to the next session's close is "within a session of it"; the
-- calendar may begin or end at the move
windowed as (
    select
        abnormal_moves.symbol,
        abnormal_moves.issuer,
        abnormal_moves.session_date,
        coalesce(before.opens_at, day_of.opens_at) as explained_from,
        coalesce(after.closes_at, day_of.closes_at) as explained_until,
    from abnormal_moves
    inner join sessions as day_of
        on
            abnormal_moves.mic = day_of.mic
            and abnormal_moves.session_index = day_of.session_index
    left join sessions as before
        on
            abnormal_moves.mic = before.mic
            and abnormal_moves.session_index - 1 = before.session_index
    left join sessions as after
        on
            abnormal_moves.mic = after.mic
            and abnormal_moves.session_index + 1 = after.session_index
)

select
    windowed.symbol,
    windowed.issuer,
    windowed.session_date,
    coverage.article_id,
    coverage.published_at,
from windowed
inner join coverage
    on
        windowed.issuer = coverage.issuer
        and coverage.published_at between windowed.explained_from and windowed.explained_until
