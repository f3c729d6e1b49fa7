with members as (select * from {{ ref('int_group_members') }}),

grouped as (
    select
        event_id,
        study_id,
        group_name,
        model,
        window_name,
        count(*) as n,
        count(*) filter (where car > 0) as positive,
        count(*) filter (where car < 0) as negative,
        avg(car) as caar,
        stddev_samp(car) as car_deviation,
        sum(scar) as scar_sum,
        avg(scar) as scar_mean,
        stddev_samp(scar) as scar_deviation,
        min(degrees_of_freedom) as least_degrees_of_freedom,
        sum(
            case
                when degrees_of_freedom > 2
                    then degrees_of_freedom / (degrees_of_freedom - 2.0)
            end
        ) as scar_variance_sum,
    from members
    group by all
),

-- members that differ by rounding only do not vary
statistics as (
    select
        *,
        'cross_sectional_t' as test,
        case
            when car_deviation > 1e-12 * abs(caar) then caar * sqrt(n) / car_deviation
        end as statistic,
        n - 1 as degrees_of_freedom,
    from grouped
    union all
    select
        *,
        'patell_z' as test,
        case
            when least_degrees_of_freedom > 2 then scar_sum / sqrt(scar_variance_sum)
        end as statistic,
        null as degrees_of_freedom,
    from grouped
    union all
    select
        *,
        'bmp_t' as test,
        case
            when scar_deviation > 1e-12 * abs(scar_mean)
                then scar_mean * sqrt(n) / scar_deviation
        end as statistic,
        n - 1 as degrees_of_freedom,
    from grouped
)

select
    concat_ws('|', event_id, study_id, group_name, model, window_name, test)
        as event_group_test_id,
    event_id,
    study_id,
    group_name,
    model,
    window_name,
    test,
    cast(n as integer) as n,
    cast(positive as integer) as positive,
    cast(negative as integer) as negative,
    100 * caar as caar_pct,
    statistic,
    cast(degrees_of_freedom as integer) as degrees_of_freedom,
    case
        when test = 'patell_z' then {{ normal_p_value('statistic') }}
        else {{ student_t_p_value('statistic', 'degrees_of_freedom') }}
    end as p_value,
    case
        when statistic is not null then null
        when test = 'patell_z' then 'a member has fewer than 3 degrees of freedom'
        when n < 2 then 'one member has no cross-sectional variance'
        else 'no variance between the members'
    end as null_reason,
from statistics
