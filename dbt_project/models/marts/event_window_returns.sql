with window_returns as (

    select * from {{ ref('int_window_returns') }}

),

cumulated as (

    select
        *,
        sum(abnormal_return) over (
            partition by subject_id, model
            order by relative_session
        ) as cumulative_abnormal_return,
        abnormal_return / nullif(prediction_error, 0) as standardised_abnormal_return,
    from window_returns

)

select
    subject_id || '|' || model || '|' || relative_session as event_window_return_id,
    event_id,
    study_id,
    symbol,
    group_name,
    model,
    cast(relative_session as integer) as relative_session,
    session_date,
    cast(sessions_spanned as integer) as sessions_spanned,
    rests_on_correction,
    100 * actual_return as return_pct,
    100 * expected_return as expected_return_pct,
    100 * abnormal_return as abnormal_return_pct,
    100 * cumulative_abnormal_return as cumulative_abnormal_return_pct,
    100 * prediction_error as prediction_error_pct,
    standardised_abnormal_return,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    {{ student_t_p_value('standardised_abnormal_return', 'degrees_of_freedom') }} as p_value,
from cumulated
