{{ config(materialized='view') }}

with subjects as (select * from {{ ref('int_study_subjects') }}),

returns as (select * from {{ ref('int_paired_returns') }})

select
    subjects.subject_key,
    returns.session_date,
    returns.sessions_spanned,
    returns.rests_on_correction,
    case subjects.return_type
        when 'log' then returns.log_return
        else returns.simple_return
    end as actual_return,
    case subjects.return_type
        when 'log' then returns.benchmark_log_return
        else returns.benchmark_simple_return
    end as benchmark_return,
from subjects
inner join returns
    on
        subjects.symbol = returns.symbol
        and returns.session_index between
        subjects.estimation_first_index and subjects.estimation_last_index
