{{ config(materialized='view') }}

-- All that the results of a subject rest on, its bars and returns excepted: those tell themselves
-- which of them changed. A build that finds other facts than the one before studies it again.
with subjects as (select * from {{ ref('int_study_subjects') }}),

studies as (
    select
        studies.study_id,
        {{ stable_key(['studies']) }} as study_fingerprint,
    from {{ ref('stg_studies') }} as studies
),

subject_overlaps as (select * from {{ ref('int_subject_overlaps') }}),

spans as (select * from {{ ref('int_price_spans') }}),

calendars as (select * from {{ ref('int_calendar_spans') }}),

sessions as (select * from {{ ref('int_trading_sessions') }}),

factor_months as (select * from {{ ref('int_factor_months') }}),

dated as (
    select
        subjects.*,
        estimation_first.previous_session_date as reads_from_session_date,
        event_first.session_date as event_first_session_date,
        event_last.session_date as event_last_session_date,
    from subjects
    left join sessions as estimation_first
        on
            subjects.mic = estimation_first.mic
            and subjects.estimation_first_index = estimation_first.session_index
    left join sessions as event_first
        on
            subjects.mic = event_first.mic
            and subjects.event_first_index = event_first.session_index
    left join sessions as event_last
        on
            subjects.mic = event_last.mic
            and subjects.event_last_index = event_last.session_index
),

factored as (
    select
        dated.subject_key,
        bit_xor(factor_months.month_fingerprint) as factor_fingerprint,
    from dated
    inner join factor_months on dated.study_id = factor_months.study_id
    where
        -- of a window that the calendar does not hold all months count
        coalesce(factor_months.month >= date_trunc('month', dated.reads_from_session_date), true)
        and coalesce(factor_months.month <= dated.event_last_session_date, true)
    group by dated.subject_key
)

select
    dated.subject_key,
    dated.group_name,
    dated.pooled,
    dated.instrument_key,
    dated.mic,
    dated.benchmark_symbol,
    dated.day_0_session_date,
    dated.day_0_session_index,
    dated.is_main,
    dated.minimum_observations,
    dated.estimation_first_index,
    dated.event_first_session_date,
    dated.event_last_session_date,
    studies.study_fingerprint,
    factored.factor_fingerprint,
    coalesce(subject_overlaps.is_overlapping, false) as is_overlapping,
    subject_overlaps.duplicates_event_id,
    benchmark_spans.symbol is not null as has_benchmark_bars,
    spans.first_session_date,
    -- of a day 0 among the bars the last one matters until the window is over
    case
        when
            dated.day_0_session_index > spans.first_index
            and dated.event_last_index <= spans.last_index
            then null
        else spans.last_session_date
    end as open_until_session_date,
    -- the calendar matters where it holds no day 0
    case when dated.day_0_session_index is null then calendars.calendar_first_session_date end
        as calendar_first_session_date,
    case when dated.day_0_session_index is null then calendars.calendar_last_session_date end
        as calendar_last_session_date,
    calendars.mic is not null as is_exchange,
from dated
inner join studies on dated.study_id = studies.study_id
left join factored on dated.subject_key = factored.subject_key
left join subject_overlaps on dated.subject_key = subject_overlaps.subject_key
left join spans on dated.symbol = spans.symbol
left join spans as benchmark_spans on dated.benchmark_symbol = benchmark_spans.symbol
left join calendars on dated.mic = calendars.mic
