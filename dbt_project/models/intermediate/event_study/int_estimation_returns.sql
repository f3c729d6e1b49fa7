{{ config(materialized='view') }}

with subjects as (select * from {{ ref('int_study_subjects') }}),

returns as (select * from {{ ref('int_paired_returns') }})

select
    subjects.subject_key,
    returns.session_date,
    returns.sessions_spanned,
    returns.rests_on_correction,
    {{ return_of_study('') }} as actual_return,
    {{ return_of_study('benchmark_') }} as benchmark_return,
from subjects
inner join returns
    on
        subjects.symbol = returns.symbol
        and returns.session_index between
        subjects.estimation_first_index and subjects.estimation_last_index
