with subjects as (select * from {{ ref('int_touched_subjects') }}),

study_models as (
    select
        study_id,
        bool_or(needs_benchmark) as needs_benchmark,
        bool_or(has_estimated_beta) as needs_moving_benchmark,
        bool_or(has_factors) as needs_factors,
        bool_or(model = 'scholes_williams') as needs_neighbours,
    from {{ ref('int_study_models') }}
    group by study_id
),

calendars as (select * from {{ ref('int_calendar_spans') }}),

spans as (select * from {{ ref('int_price_spans') }}),

-- joined one by one, the bars against the few subjects: in one chain of left joins the planner has
-- built a hash table of all bars
day_0_bars as (
    select
        subjects.subject_key,
        bars.quality,
    from {{ ref('int_bar_quality') }} as bars
    inner join subjects
        on
            bars.symbol = subjects.symbol
            and bars.session_index = subjects.day_0_session_index
),

day_0_returns as (
    select
        subjects.subject_key,
        returns.benchmark_log_return is not null as has_benchmark_return,
    from {{ ref('int_paired_returns') }} as returns
    inner join subjects
        on
            returns.instrument_key = subjects.instrument_key
            and returns.session_index = subjects.day_0_session_index
),

moments as (select * from {{ ref('int_estimation_moments') }}),

scholes_williams as (select * from {{ ref('int_scholes_williams') }}),

factors as (select * from {{ ref('int_factor_estimations') }}),

subject_overlaps as (select * from {{ ref('int_subject_overlaps') }})

select
    subjects.subject_key,
    spans.first_index,
    spans.last_index,
    spans.first_session_date,
    spans.last_session_date,
    calendars.calendar_first_session_date,
    calendars.calendar_last_session_date,
    study_models.needs_benchmark,
    study_models.needs_moving_benchmark,
    benchmark_spans.symbol is not null as has_benchmark_bars,
    day_0_bars.quality as day_0_quality,
    day_0_returns.subject_key is not null as has_day_0_return,
    coalesce(day_0_returns.has_benchmark_return, false) as has_day_0_benchmark_return,
    least(
        coalesce(
            if(
                study_models.needs_benchmark,
                moments.paired_observations,
                moments.return_observations
            ),
            0
        ),
        if(study_models.needs_factors, coalesce(factors.observations, 0), 1000000)
    ) as observations,
    coalesce(factors.is_singular, false) as has_collinear_factors,
    study_models.needs_neighbours and scholes_williams.slope is null as lacks_neighbours,
    coalesce(moments.is_benchmark_moving, false) as is_benchmark_moving,
    coalesce(subject_overlaps.is_overlapping, false) as is_overlapping,
    subject_overlaps.duplicates_event_id,
from subjects
inner join study_models on subjects.study_id = study_models.study_id
left join calendars on subjects.mic = calendars.mic
left join spans on subjects.symbol = spans.symbol
left join spans as benchmark_spans on subjects.benchmark_symbol = benchmark_spans.symbol
left join day_0_bars on subjects.subject_key = day_0_bars.subject_key
left join day_0_returns on subjects.subject_key = day_0_returns.subject_key
left join moments on subjects.subject_key = moments.subject_key
left join subject_overlaps on subjects.subject_key = subject_overlaps.subject_key
left join factors on subjects.subject_key = factors.subject_key
left join scholes_williams on subjects.subject_key = scholes_williams.subject_key
