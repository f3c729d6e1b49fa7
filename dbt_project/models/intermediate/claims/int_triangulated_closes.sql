with pairs as (select * from {{ ref('int_level_percent_pairs') }}),

-- every place where an interval begins is a place where most of them may meet
meetings as (
    select
        starts.symbol,
        starts.close_session_date,
        starts.implied_low as place,
        count(distinct covering.level_article_id || '|' || covering.change_article_id) as support,
        min(covering.implied_high) as narrowest_high,
    from pairs as starts
    inner join pairs as covering
        on
            starts.symbol = covering.symbol
            and starts.close_session_date = covering.close_session_date
            and starts.implied_low >= covering.implied_low
            and starts.implied_low < covering.implied_high
    group by all
),

-- by the most articles, of equals the narrowest
agreed as (
    select *
    from meetings
    qualify
        row_number() over (
            partition by symbol, close_session_date
            order by support desc, narrowest_high - place asc, place asc
        ) = 1
),

-- as many articles that meet elsewhere leave it open who is right
contests as (
    select
        agreed.symbol,
        agreed.close_session_date,
        bool_or(
            meetings.place >= agreed.narrowest_high or meetings.narrowest_high <= agreed.place
        ) as is_contested,
    from agreed
    inner join meetings
        on
            agreed.symbol = meetings.symbol
            and agreed.close_session_date = meetings.close_session_date
            and agreed.support = meetings.support
    group by all
),

judged as (
    select
        pairs.*,
        agreed.place as agreed_low,
        agreed.narrowest_high as agreed_high,
        pairs.implied_low <= agreed.place and pairs.implied_high > agreed.place as is_agreeing,
    from pairs
    inner join agreed
        on
            pairs.symbol = agreed.symbol
            and pairs.close_session_date = agreed.close_session_date
),

sided as (
    select
        *,
        unnest([level_article_id, change_article_id]) as article_id,
        unnest([level_claim_id, change_claim_id]) as claim_id,
    from judged
),

-- an article is an outlier if no pair of its own agrees
by_article as (
    select
        symbol,
        close_session_date,
        article_id,
        bool_or(is_agreeing) as is_agreeing,
    from sided
    group by all
),

outliers as (
    select
        symbol,
        close_session_date,
        string_agg(article_id, ' ' order by article_id) as outlying_articles,
    from by_article
    where not is_agreeing
    group by all
)

select
    sided.symbol,
    sided.close_session_date,
    any_value(sided.session_date) as session_date,
    any_value(sided.agreed_low) as implied_low,
    any_value(sided.agreed_high) as implied_high,
    any_value(contests.is_contested) as is_contested,
    count(distinct sided.level_claim_id || '|' || sided.change_claim_id) as pairs,
    count(distinct sided.level_claim_id || '|' || sided.change_claim_id) filter (
        where sided.is_agreeing
    ) as agreeing_pairs,
    count(distinct sided.claim_id) as claims,
    count(distinct sided.article_id) as articles,
    count(distinct sided.article_id) filter (where sided.is_agreeing) as agreeing_articles,
    any_value(outliers.outlying_articles) as outlying_articles,
from sided
inner join contests
    on
        sided.symbol = contests.symbol
        and sided.close_session_date = contests.close_session_date
left join outliers
    on
        sided.symbol = outliers.symbol
        and sided.close_session_date = outliers.close_session_date
group by sided.symbol, sided.close_session_date
