{{ config(materialized='table') }}

with bars as (
    {{ newly_landed('daily_bars') }}
),

actions as (
    {{ newly_landed('corporate_actions') }}
),

-- a split puts every bar of its symbol on another basis
split_bars as (
    select
        symbol,
        session_date,
    from {{ source('landing', 'daily_bars') }}
    where
        symbol in (
            select actions.symbol from actions
            where actions.kind = 'split'
        )
),

changed as (
    select
        symbol,
        session_date,
    from bars
    union
    select
        symbol,
        session_date,
    from split_bars
)

select
    symbol,
    session_date as from_session_date,
    session_date as until_session_date,
    session_date as read_from_session_date,
from changed
