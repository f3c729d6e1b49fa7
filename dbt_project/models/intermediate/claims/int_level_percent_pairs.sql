with claims as (select * from {{ ref('int_claims') }}),

claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

-- figures of one session with two ends, in the listing's own quotes
stated as (
    select
        claims.claim_id,
        claims.article_id,
        claims.symbol,
        claims.session_date,
        claims.as_of,
        claims.measure,
        claims.interval_low,
        claims.interval_high,
        claims.sign,
        claim_sessions.scheduled_previous_session_date,
    from claims
    inner join claim_sessions on claims.claim_id = claim_sessions.claim_id
    where
        claims.interval_low is not null
        and claims.interval_high is not null
        and claims.testable_from <> 'not_testable'
        and claim_sessions.scheduled_previous_session_date is not null
        and (
            (
                claims.measure = 'price_change'
                and claims.period = 'session'
                and claims.unit = 'percent'
            )
            or (
                claims.measure = 'price_level'
                and claims.interval_low > 0
                -- pence are not what a text prints
                and claim_sessions.currency <> 'GBp'
                and claims.unit
                = if(claim_sessions.kind = 'index', 'point', lower(claim_sessions.currency))
            )
        )
),

levels as (
    select * from stated
    where measure = 'price_level'
),

changes as (
    select
        *,
        1.0 + least(sign * interval_low, sign * interval_high) / 100 as factor_low,
        1.0 + greatest(sign * interval_low, sign * interval_high) / 100 as factor_high,
    from stated
    where measure = 'price_change'
)

-- two figures of one article about the same moment belong together; of two articles only what both
-- say of the close
select
    levels.claim_id as level_claim_id,
    changes.claim_id as change_claim_id,
    levels.symbol,
    levels.session_date,
    levels.scheduled_previous_session_date as close_session_date,
    levels.article_id as level_article_id,
    changes.article_id as change_article_id,
    levels.interval_low / changes.factor_high as implied_low,
    levels.interval_high / changes.factor_low as implied_high,
from levels
inner join changes
    on
        levels.symbol = changes.symbol
        and levels.session_date = changes.session_date
        and levels.as_of = changes.as_of
        and (levels.article_id = changes.article_id or levels.as_of = 'close')
where changes.factor_low > 0
