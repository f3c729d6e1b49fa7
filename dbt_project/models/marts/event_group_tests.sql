{{ runs_after('int_touched_groups') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_touched_groups', 'key': ['study_id', 'event_id', 'group_name']}
) }}

with results as (
    select * from {{ ref('int_group_test_results') }}
    where is_main
)

select
    concat_ws('|', coalesce(event_id, '*'), study_id, group_name, model, window_name, test)
        as event_group_test_id,
    event_id,
    study_id,
    group_name,
    cast(model as varchar) as model,
    window_name,
    is_named_window,
    test,
    cast(n as integer) as n,
    cast(positive as integer) as positive,
    cast(negative as integer) as negative,
    100 * caar as caar_pct,
    100 * precision_weighted_caar as precision_weighted_caar_pct,
    statistic,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    p_value,
    null_reason,
from results
