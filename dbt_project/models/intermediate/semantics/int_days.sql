{{ config(materialized='view') }}

with sessions as (select * from {{ ref('int_trading_sessions') }}),

bounds as (
    select
        min(session_date) as first_date,
        max(session_date) as last_date,
    from sessions
)

select cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as calendar_date
from bounds
