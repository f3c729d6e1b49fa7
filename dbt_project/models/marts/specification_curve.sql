{{ runs_after('int_touched_groups') }}
{{ config(
    materialized='incremental',
    incremental_strategy='by_key',
    meta={'stale': 'int_touched_groups', 'key': ['study_id', 'event_id', 'group_name']}
) }}

with results as (
    select * from {{ ref('int_group_test_results') }}
    where is_named_window
),

-- a study with one estimation window has no curve
curves as (
    select study_id
    from {{ ref('int_study_lengths') }}
    group by study_id
    having count(*) > 1
),

specified as (
    select
        results.*,
        results.p_value < 0.05 as is_significant,
    from results
    inner join curves on results.study_id = curves.study_id
)

select
    concat_ws(
        '|',
        coalesce(event_id, '*'), study_id, group_name, model, estimation_sessions, window_name, test
    ) as specification_id,
    event_id,
    study_id,
    group_name,
    cast(model as varchar) as model,
    cast(estimation_sessions as integer) as estimation_sessions,
    window_name,
    test,
    cast(n as integer) as n,
    100 * caar as caar_pct,
    statistic,
    p_value,
    is_significant,
    cast(count(p_value) over by_group as integer) as specifications,
    count(*) filter (where is_significant) over by_group / nullif(count(p_value) over by_group, 0)
        as share_significant,
    null_reason,
from specified
window by_group as (partition by event_id, study_id, group_name)
