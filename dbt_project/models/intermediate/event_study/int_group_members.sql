{{ config(materialized='view') }}

-- Every value that a group test can be made of: the CAR of each named window that is over, and each
-- day of the event window as a window of its own.
with groups as (select * from {{ ref('int_group_subjects') }}),

-- the other subjects are left alone before anything is computed of them
grouped as (select distinct subject_key from groups),

subjects as (select * from {{ ref('int_study_subjects') }}),

named as (
    select distinct
        study_id,
        window_first,
        window_last,
    from {{ ref('int_study_windows') }}
),

estimations as (select * from {{ ref('int_estimations') }}),

cars as (
    select
        subject_key,
        model,
        window_first,
        window_last,
        car,
        bhar,
        car_standard_error,
        scar,
        degrees_of_freedom,
    from {{ ref('int_window_cars') }}
    where scar is not null
),

days as (
    select
        returns.subject_key,
        returns.model,
        returns.relative_session as window_first,
        returns.relative_session as window_last,
        returns.abnormal_return as car,
        cast(null as double) as bhar,
        returns.prediction_error as car_standard_error,
        returns.abnormal_return / returns.prediction_error as scar,
        estimations.degrees_of_freedom,
    from {{ ref('int_window_returns') }} as returns
    inner join subjects on returns.subject_key = subjects.subject_key
    inner join grouped on returns.subject_key = grouped.subject_key
    inner join estimations
        on
            returns.subject_key = estimations.subject_key
            and returns.model = estimations.model
    left join named
        on
            subjects.study_id = named.study_id
            and returns.relative_session = named.window_first
            and returns.relative_session = named.window_last
    where
        returns.prediction_error > 0
        and returns.abnormal_return is not null
        and named.study_id is null
),

members as (
    select * from cars
    union all
    select * from days
)

select
    groups.group_key,
    groups.study_id,
    members.*,
from members
inner join groups on members.subject_key = groups.subject_key
