{{ config(materialized='view') }}

-- noqa: disable=LT02
with groups as (
    select distinct
        group_key,
        study_id,
        event_id,
        group_name,
        estimation_sessions,
        is_main,
    from {{ ref('int_group_subjects') }}
),

study_tests as (select * from {{ ref('int_study_tests') }}),

statistics as (
    select
        statistics.*,
        groups.study_id,
    from {{ ref('int_group_statistics') }} as statistics
    inner join groups on statistics.group_key = groups.group_key
),

windows as (
    select distinct
        study_id,
        window_first,
        window_last,
    from {{ ref('int_study_windows') }}
),

unpivoted as (
    {%- for test in group_tests() %}
    select
        group_key,
        model,
        window_first,
        window_last,
        n,
        positive,
        negative,
        caar,
        precision_weighted_caar,
        '{{ test.name }}' as test,
        case when isfinite({{ test.name }}) then {{ test.name }} end as statistic,
        {{ test.df or 'null' }} as degrees_of_freedom,
        case when isfinite({{ test.name }}) then {{ 'null' if test.df else test.name }} end as z,
    from statistics
    where
        study_id in (
            select asking.study_id from study_tests as asking
            where asking.test = '{{ test.name }}'
        )
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- neither p-value in a case: they are many, and each is quick only where all rows are computed
valued as (
    select
        *,
        {{ normal_p_value('z') }} as normal_p_value,
        {{ student_t_p_value('statistic', 'degrees_of_freedom') }} as student_t_p_value,
    from unpivoted
)

select
    groups.study_id,
    groups.event_id,
    groups.group_name,
    groups.estimation_sessions,
    groups.is_main,
    valued.model,
    valued.window_first,
    valued.window_last,
    {{ window_name('valued.window_first', 'valued.window_last') }} as window_name,
    windows.study_id is not null as is_named_window,
    valued.test,
    valued.n,
    valued.positive,
    valued.negative,
    valued.caar,
    valued.precision_weighted_caar,
    valued.statistic,
    valued.degrees_of_freedom,
    coalesce(valued.normal_p_value, valued.student_t_p_value) as p_value,
    case
        when valued.statistic is not null then null
        when valued.test = 'patell_z' then 'a member has fewer than 3 degrees of freedom'
        when valued.test in ('corrado_rank_z', 'corrado_zivney_rank_z')
            then 'the ranks do not vary'
        when valued.test = 'wilcoxon_signed_rank_z' then 'no member moved'
        when valued.test = 'generalised_sign_z'
            then 'the estimation windows have abnormal returns of one sign only'
        when valued.test in ('crude_dependence_t', 'portfolio_t')
            then 'the estimation window has no variance over time'
        when valued.n < 2 then 'one member has no cross-sectional variance'
        when valued.test = 'patell_adjusted_z'
            then 'their correlation leaves no variance, or a member fewer than 3 degrees of freedom'
        else 'no variance between the members'
    end as null_reason,
from valued
inner join groups on valued.group_key = groups.group_key
left join windows
    on
        groups.study_id = windows.study_id
        and valued.window_first = windows.window_first
        and valued.window_last = windows.window_last
-- a buy-and-hold return of one day is its abnormal return
where valued.test <> 'bhar_t' or windows.study_id is not null
