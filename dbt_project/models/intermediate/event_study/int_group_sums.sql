with members as (select * from {{ ref('int_group_members') }}),

shares as (
    select
        subject_key,
        model,
        positive_share,
    from {{ ref('int_residual_moments') }}
),

summed as (
    select
        members.group_key,
        members.model,
        members.window_first,
        members.window_last,
        count(*) as n,
        count(*) filter (where members.car > 0) as positive,
        count(*) filter (where members.car < 0) as negative,
        avg(members.car) as caar,
        stddev_samp(members.car) as car_deviation,
        avg(members.bhar) as mean_bhar,
        stddev_samp(members.bhar) as bhar_deviation,
        sum(members.scar) as scar_sum,
        avg(members.scar) as scar_mean,
        stddev_samp(members.scar) as scar_deviation,
        min(members.degrees_of_freedom) as least_degrees_of_freedom,
        sum(
            case
                when members.degrees_of_freedom > 2
                    then members.degrees_of_freedom / (members.degrees_of_freedom - 2.0)
            end
        ) as scar_variance_sum,
        sum(1.0 / (members.car_standard_error * members.car_standard_error)) as precision_sum,
        sum(members.car / (members.car_standard_error * members.car_standard_error))
            as weighted_car_sum,
        avg(shares.positive_share) as positive_share,
    from members
    left join shares
        on
            members.subject_key = shares.subject_key
            and members.model = shares.model
    group by members.group_key, members.model, members.window_first, members.window_last
),

-- a third moment about zero would lose its digits to the mean
cubed as (
    select
        members.group_key,
        members.model,
        members.window_first,
        members.window_last,
        sum(pow(members.car - summed.caar, 3)) as car_cubes,
    from members
    inner join summed using (group_key, model, window_first, window_last)
    group by members.group_key, members.model, members.window_first, members.window_last
)

select
    summed.*,
    cubed.car_cubes,
from summed
inner join cubed using (group_key, model, window_first, window_last)
