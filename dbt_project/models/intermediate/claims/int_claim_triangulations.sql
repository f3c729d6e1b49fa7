with claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

triangulated as (
    select * from {{ ref('int_triangulated_closes') }}
    where not is_contested
),

-- the first close that the claim needs and the bars do not give
wanting as (
    select
        claim_id,
        symbol,
        case
            when close is null then session_date
            when previous_close is null then scheduled_previous_session_date
        end as close_session_date,
        close,
    from claim_sessions
    where session_index is not null and (close is null or previous_close is null)
)

-- offered to a reader beside what is missing; no basis and no verdict reads it
select
    wanting.claim_id,
    wanting.close_session_date,
    triangulated.implied_low,
    triangulated.implied_high,
    'Levels and percentages that ' || triangulated.agreeing_articles
    || if(triangulated.agreeing_articles = 1, ' article prints', ' articles print')
    || ' imply a close from ' || {{ format_price('triangulated.implied_low') }} || ' to '
    || {{ format_price('triangulated.implied_high') }} || ' on ' || wanting.close_session_date
    || coalesce(
        ', from which the move would be '
        || {{ signed_number('100 * (wanting.close / triangulated.implied_high - 1)', 2) }}
        || ' to ' || {{ signed_number('100 * (wanting.close / triangulated.implied_low - 1)', 2) }}
        || ' %',
        ''
    )
    || '; this is evidence and enters no verdict.' as triangulation_text,
from wanting
inner join triangulated
    on
        wanting.symbol = triangulated.symbol
        and wanting.close_session_date = triangulated.close_session_date
