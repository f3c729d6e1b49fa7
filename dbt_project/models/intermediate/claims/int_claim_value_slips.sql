with missed as (select * from {{ ref('int_missed_claims') }}),

claims as (select * from {{ ref('int_claims') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

returns as (select * from {{ ref('int_returns') }}),

periods as (
    select * from {{ ref('int_claim_period_references') }}
    where period = 'week'
),

percent_moves as (
    select
        *,
        close / previous_close - 1.0 as move,
        previous_close / second_previous_close - 1.0 as move_before,
    from missed
    where is_percent and period in ('session', 'two_session')
),

-- whom the article speaks of: only their numbers can have been taken for one another
subjects as (
    select distinct
        claims.article_id,
        instruments.symbol,
        instruments.issuer,
        instruments.kind,
    from claims
    inner join instruments on claims.symbol = instruments.symbol
),

candidates as (
    select
        claim_id,
        'percentage_points' as reading,
        null as other,
        100 * sign * move as value,
    from percent_moves
    where unit = 'percentage_point'
    union all
    select
        claim_id,
        'sign_flipped' as reading,
        null as other,
        -own_value as value,
    from missed
    where not is_level
    union all
    select
        claim_id,
        'point_moved' as reading,
        null as other,
        unnest([10 * own_value, own_value / 10]) as value,
    from missed
    union all
    select
        missed.claim_id,
        'week' as reading,
        cast(periods.reference_session_date as varchar) as other,
        100 * missed.sign * (missed.close / periods.reference_close - 1.0) as value,
    from percent_moves as missed
    inner join periods on missed.claim_id = periods.claim_id
    union all
    select
        claim_id,
        'percentages_added' as reading,
        null as other,
        100 * sign * (move + move_before) as value,
    from percent_moves
    union all
    select
        missed.claim_id,
        case
            when (missed.kind = 'index') = (subjects.kind = 'index') then 'another_subject'
            when subjects.kind = 'index' then 'index_for_company'
            else 'company_for_index'
        end as reading,
        subjects.symbol as other,
        100 * missed.sign * returns.move as value,
    from percent_moves as missed
    inner join subjects
        on
            missed.article_id = subjects.article_id
            and missed.issuer <> subjects.issuer
    inner join returns
        on
            subjects.symbol = returns.symbol
            and missed.session_date = returns.session_date
            and returns.sessions_spanned = 1
    where missed.period = 'session'
)

select
    claim_id,
    reading,
    other,
    value,
from candidates
where value is not null
