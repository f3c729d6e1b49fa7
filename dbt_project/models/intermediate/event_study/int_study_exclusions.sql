with subjects as (

    select * from {{ ref('int_study_subjects') }}

),

prices as (

    select * from {{ ref('int_prices') }}

),

paired_returns as (

    select * from {{ ref('int_paired_returns') }}

),

quality as (

    select * from {{ ref('int_bar_quality') }}

),

moments as (

    select * from {{ ref('int_estimation_moments') }}

),

spans as (

    select
        symbol,
        min(session_index) as first_index,
        max(session_index) as last_index,
        min(session_date) as first_session_date,
        max(session_date) as last_session_date,
    from prices
    group by symbol

),

known as (

    select
        subjects.subject_id,
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.benchmark_symbol,
        subjects.day_0_session_index,
        subjects.day_0_session_date,
        subjects.minimum_observations,
        subjects.models like '%market%' as needs_benchmark,
        spans.first_index,
        spans.last_index,
        spans.first_session_date,
        spans.last_session_date,
        benchmark_spans.symbol as benchmark_with_bars,
        quality.quality as day_0_quality,
        paired_returns.session_date as day_0_return_date,
        paired_returns.benchmark_log_return as day_0_benchmark_return,
        coalesce(moments.return_observations, 0) as return_observations,
        coalesce(moments.paired_observations, 0) as paired_observations,
    from subjects
    left join spans on subjects.symbol = spans.symbol
    left join spans as benchmark_spans on subjects.benchmark_symbol = benchmark_spans.symbol
    left join quality
        on
            subjects.symbol = quality.symbol
            and subjects.day_0_session_index = quality.session_index
    left join paired_returns
        on
            subjects.symbol = paired_returns.symbol
            and subjects.day_0_session_index = paired_returns.session_index
    left join moments on subjects.subject_id = moments.subject_id

),

-- the first reason that holds is the reason: each stands for something to mend
judged as (

    select
        *,
        case
            when day_0_session_index is null then 'event_outside_data'
            when first_index is null then 'no_bars'
            when day_0_session_index <= first_index or day_0_session_index > last_index
                then 'event_outside_data'
            when needs_benchmark and benchmark_with_bars is null then 'no_benchmark_bars'
            when day_0_return_date is null then 'quarantined_day_0'
            when needs_benchmark and day_0_benchmark_return is null then 'no_benchmark_bars'
            when
                if(needs_benchmark, paired_observations, return_observations) < minimum_observations
                then 'too_few_observations'
        end as reason,
    from known

)

select
    subject_id,
    event_id,
    study_id,
    symbol,
    reason,
    case reason
        when 'no_bars' then 'no usable daily bar of ' || symbol || ' has been landed'
        when 'event_outside_data' then coalesce(
            'day 0 is ' || day_0_session_date || ', usable bars run from ' || first_session_date
            || ' to ' || last_session_date,
            'the trading calendar does not reach the event'
        )
        when 'no_benchmark_bars' then coalesce(
            'the benchmark ' || benchmark_symbol || ' has no usable bar for day 0',
            symbol || ' has no benchmark in instruments.csv'
        )
        when 'quarantined_day_0'
            then 'the bar of ' || day_0_session_date || ' is ' || coalesce(day_0_quality, 'missing')
        when 'too_few_observations' then if(
            needs_benchmark, paired_observations, return_observations
        ) || ' estimation returns, at least ' || minimum_observations || ' are asked for'
    end as detail,
from judged
