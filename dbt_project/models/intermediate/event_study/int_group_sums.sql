with members as (
    select
        *,
        case
            when degrees_of_freedom > 2 then degrees_of_freedom / (degrees_of_freedom - 2.0)
        end as scar_variance,
        -- of a CAR in 128ths, so that it is no large number and the scale costs no digit
        1 / (16384e0 * car_standard_error * car_standard_error) as precision,
    from {{ ref('int_group_members') }}
),

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
        {{ order_free_sum('members.car') }} / n as caar,
        {{ order_free_sum('members.bhar') }} / count(members.bhar) as mean_bhar,
        {{ order_free_sum('members.scar') }} as scar_sum,
        scar_sum / n as scar_mean,
        min(members.degrees_of_freedom) as least_degrees_of_freedom,
        {{ order_free_sum('members.scar_variance') }} as scar_variance_sum,
        16384 * {{ order_free_sum('members.precision') }} as precision_sum,
        16384 * {{ order_free_sum('members.car * members.precision') }} as weighted_car_sum,
        {{ order_free_sum('shares.positive_share') }} / count(shares.positive_share)
            as positive_share,
    from members
    left join shares
        on
            members.subject_key = shares.subject_key
            and members.model = shares.model
    group by members.group_key, members.model, members.window_first, members.window_last
),

-- moments about zero would lose their digits to the mean; in 128ths, squares are no tiny numbers
deviations as (
    select
        members.group_key,
        members.model,
        members.window_first,
        members.window_last,
        128 * (members.car - summed.caar) as car,
        128 * (members.bhar - summed.mean_bhar) as bhar,
        members.scar - summed.scar_mean as scar,
    from members
    inner join summed using (group_key, model, window_first, window_last)
),

squared as (
    select
        group_key,
        model,
        window_first,
        window_last,
        {{ order_free_sum('car * car') }} / 16384 as car_squares,
        {{ order_free_sum('car * car * car') }} / 2097152 as car_cubes,
        {{ order_free_sum('bhar * bhar') }} / 16384 as bhar_squares,
        {{ order_free_sum('scar * scar') }} as scar_squares,
    from deviations
    group by group_key, model, window_first, window_last
)

select
    summed.*,
    sqrt(squared.car_squares / nullif(summed.n - 1, 0)) as car_deviation,
    sqrt(squared.bhar_squares / nullif(summed.n - 1, 0)) as bhar_deviation,
    sqrt(squared.scar_squares / nullif(summed.n - 1, 0)) as scar_deviation,
    squared.car_cubes,
from summed
inner join squared using (group_key, model, window_first, window_last)
