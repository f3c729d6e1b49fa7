{{ config(materialized='view') }}

with jumps as (select * from {{ ref('int_price_jumps') }}),

-- a jump that a cited close confirms is off by itself, so that the cited close takes its place; the
-- day after it is where it was before
changes as (
    select
        symbol,
        session_date as from_session_date,
        if(is_cited, 0.0, log_jump) as log_jump,
        if(is_cited, ratio, null) as cited_ratio,
        1 as place,
    from jumps
    union all
    select
        symbol,
        session_date + 1 as from_session_date,
        0.0 as log_jump,
        null as cited_ratio,
        0 as place,
    from jumps
    where is_cited
),

-- a missed split puts every later price off by its factor, not the first one alone: it ends with a
-- jump back, or with a cited close that says that the new level is real; sums of decimals are exact
with_offset as (
    select
        symbol,
        from_session_date,
        coalesce(
            lead(from_session_date) over by_session, date '9999-12-31'
        ) as until_session_date,
        cited_ratio,
        exp(abs(cast(
            sum(cast(log_jump as decimal(38, 20))) over by_session as double
        ))) as offset_factor,
    from changes
    window by_session as (partition by symbol order by from_session_date, place)
)

select
    symbol,
    from_session_date,
    until_session_date,
    coalesce(cited_ratio, offset_factor) as level_factor,
from with_offset
where
    (cited_ratio is not null or offset_factor > 1.5)
    and from_session_date < until_session_date
