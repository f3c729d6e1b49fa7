with events as (
    select
        event_id,
        unnest(string_split(studies, ' ')) as study_id,
    from {{ ref('stg_events') }}
),

event_instruments as (select * from {{ ref('stg_event_instruments') }}),

instruments as (select * from {{ ref('stg_instruments') }}),

studies as (select * from {{ ref('stg_studies') }}),

lengths as (select * from {{ ref('int_study_lengths') }}),

event_sessions as (select * from {{ ref('int_event_sessions') }})

select
    {{ stable_key([
        'events.event_id', 'events.study_id', 'event_instruments.symbol',
        'lengths.estimation_sessions',
    ]) }} as subject_key,
    events.event_id,
    events.study_id,
    event_instruments.symbol,
    event_instruments.group_name,
    instruments.instrument_key,
    instruments.mic,
    instruments.benchmark_symbol,
    event_sessions.announced_at,
    event_sessions.day_0_session_date,
    event_sessions.day_0_session_index,
    studies.return_type = 'log' as is_log,
    studies.pooled,
    studies.event_window_first,
    studies.event_window_last,
    lengths.is_main,
    lengths.estimation_sessions,
    lengths.minimum_observations,
    event_sessions.day_0_session_index + studies.estimation_last - lengths.estimation_sessions + 1
        as estimation_first_index,
    event_sessions.day_0_session_index + studies.estimation_last as estimation_last_index,
    event_sessions.day_0_session_index + studies.event_window_first as event_first_index,
    event_sessions.day_0_session_index + studies.event_window_last as event_last_index,
from events
inner join event_instruments on events.event_id = event_instruments.event_id
inner join studies on events.study_id = studies.study_id
inner join lengths on events.study_id = lengths.study_id
left join instruments on event_instruments.symbol = instruments.symbol
left join event_sessions
    on
        events.event_id = event_sessions.event_id
        and instruments.mic = event_sessions.mic
