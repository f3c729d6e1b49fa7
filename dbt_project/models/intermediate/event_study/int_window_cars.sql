with subjects as (

    select * from {{ ref('int_study_subjects') }}

),

coverage as (

    select * from {{ ref('int_subject_coverage') }}

),

estimations as (

    select * from {{ ref('int_estimations') }}

),

windows as (

    select * from {{ ref('int_study_windows') }}

),

window_returns as (

    select * from {{ ref('int_window_returns') }}

),

asked as (

    select
        estimations.*,
        subjects.event_id,
        subjects.study_id,
        subjects.symbol,
        subjects.group_name,
        subjects.return_type,
        windows.window_name,
        windows.window_first,
        windows.window_last,
        coverage.last_index < coverage.day_0_session_index + windows.window_last as is_open,
    from estimations
    inner join subjects on estimations.subject_key = subjects.subject_key
    inner join coverage on estimations.subject_key = coverage.subject_key
    inner join windows on subjects.study_id = windows.study_id

),
