with abnormal_moves as (select * from {{ ref('int_abnormal_moves') }}),

move_articles as (select * from {{ ref('int_move_articles') }})

select
    abnormal_moves.symbol || '|' || abnormal_moves.session_date as unexplained_move_id,
    abnormal_moves.symbol,
    abnormal_moves.mic,
    abnormal_moves.session_date,
    abnormal_moves.return_pct,
    abnormal_moves.abnormal_return_pct,
    abnormal_moves.z_score,
    abnormal_moves.trailing_sessions,
from abnormal_moves
left join move_articles
    on
        abnormal_moves.symbol = move_articles.symbol
        and abnormal_moves.session_date = move_articles.session_date
where move_articles.article_id is null
