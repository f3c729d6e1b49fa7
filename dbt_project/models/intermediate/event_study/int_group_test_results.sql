with statistics as (select * from {{ ref('int_group_statistics') }}),

groups as (
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
        {{ 'false' if test.df else 'true' }} as is_normal,
    from statistics
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    groups.study_id,
    groups.event_id,
    groups.group_name,
    groups.estimation_sessions,
    groups.is_main,
    unpivoted.model,
    unpivoted.window_first,
    unpivoted.window_last,
    {{ window_name('unpivoted.window_first', 'unpivoted.window_last') }} as window_name,
    windows.study_id is not null as is_named_window,
    unpivoted.test,
    unpivoted.n,
    unpivoted.positive,
    unpivoted.negative,
    unpivoted.caar,
    unpivoted.precision_weighted_caar,
    unpivoted.statistic,
    unpivoted.degrees_of_freedom,
    case
        when unpivoted.is_normal then {{ normal_p_value('unpivoted.statistic') }}
        else {{ student_t_p_value('unpivoted.statistic', 'unpivoted.degrees_of_freedom') }}
    end as p_value,
    case
        when unpivoted.statistic is not null then null
        when unpivoted.test = 'patell_z' then 'a member has fewer than 3 degrees of freedom'
        when unpivoted.test in ('corrado_rank_z', 'corrado_zivney_rank_z')
            then 'the ranks do not vary'
        when unpivoted.test = 'wilcoxon_signed_rank_z' then 'no member moved'
        when unpivoted.test = 'generalised_sign_z'
            then 'the estimation windows have abnormal returns of one sign only'
        when unpivoted.test in ('crude_dependence_t', 'portfolio_t')
            then 'the estimation window has no variance over time'
        when unpivoted.n < 2 then 'one member has no cross-sectional variance'
        when unpivoted.test = 'patell_adjusted_z'
            then 'the correlation of the members leaves no variance'
        else 'no variance between the members'
    end as null_reason,
from unpivoted
inner join groups on unpivoted.group_key = groups.group_key
inner join study_tests
    on
        groups.study_id = study_tests.study_id
        and unpivoted.test = study_tests.test
left join windows
    on
        groups.study_id = windows.study_id
        and unpivoted.window_first = windows.window_first
        and unpivoted.window_last = windows.window_last
-- a buy-and-hold return of one day is its abnormal return
where unpivoted.test <> 'bhar_t' or windows.study_id is not null
