with studies as (
    {{ latest_snapshot('studies') }}
)

select
    study_id,
    return_type,
    estimation_sessions,
    estimation_last,
    minimum_observations,
    event_window_first,
    event_window_last,
    models,
    windows,
    factors,
    tests,
    pooled,
    specification_estimation_sessions,
from studies
