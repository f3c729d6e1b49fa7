-- Each event-instrument that a study asks for is either studied or excluded, and never both.
{{ config(meta={'dagster': {'ref': {'name': 'event_exclusions'}}}) }}

with asked as (

    select
        event_id,
        study_id,
        symbol,
    from {{ ref('int_study_subjects') }}

),

studied as (

    select distinct
        event_id,
        study_id,
        symbol,
    from {{ ref('event_window_returns') }}

),

excluded as (

    select
        event_id,
        study_id,
        symbol,
    from {{ ref('event_exclusions') }}

),

answered as (

    select * from studied
    union all
    select * from excluded

),

counted as (

    select
        asked.event_id,
        asked.study_id,
        asked.symbol,
        count(answered.symbol) as answers,
    from asked
    left join answered
        on
            asked.event_id = answered.event_id
            and asked.study_id = answered.study_id
            and asked.symbol = answered.symbol
    group by all

)

select *
from counted
where answers <> 1
