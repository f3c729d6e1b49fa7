-- Each event-instrument that a study asks for is either studied or excluded, and never both.
{{ config(meta={
    'description': 'each event-instrument is studied or excluded, and never both',
    'dagster': {'ref': {'name': 'event_exclusions'}},
}) }}

with events as (
    select
        event_id,
        unnest(string_split(studies, ' ')) as study_id,
    from {{ ref('stg_events') }}
),

asked as (
    select
        events.event_id,
        events.study_id,
        event_instruments.symbol,
    from events
    inner join {{ ref('stg_event_instruments') }} as event_instruments
        on events.event_id = event_instruments.event_id
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
