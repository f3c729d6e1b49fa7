-- How the members of a group move together while nothing happens.
with series as (select * from {{ ref('int_group_series') }}),

members as (
    select
        groups.group_key,
        moments.model,
        count(*) as members,
    from {{ ref('int_group_subjects') }} as groups
    inner join {{ ref('int_residual_moments') }} as moments
        on groups.subject_key = moments.subject_key
    where moments.deviation_squares > 0
    group by groups.group_key, moments.model
),

-- in 128ths, so that squares are no tiny numbers
means as (
    select
        series.group_key,
        series.model,
        members.members,
        128 * series.abnormal_return_sum / members.members as crude,
        128 * series.abnormal_return_sum / series.n as portfolio,
        series.scaled_sum,
    from series
    inner join members
        on
            series.group_key = members.group_key
            and series.model = members.model
),

summed as (
    select
        group_key,
        model,
        any_value(members) as members,
        count(*) as sessions,
        {{ order_free_sum('crude') }} as crude_sum,
        {{ order_free_sum('crude * crude') }} as crude_squares,
        {{ order_free_sum('portfolio') }} as portfolio_sum,
        {{ order_free_sum('portfolio * portfolio') }} as portfolio_squares,
        {{ order_free_sum('scaled_sum * scaled_sum') }} as scaled_squares,
    from means
    group by group_key, model
),

-- what is left of a series that stands still is rounding
varied as (
    select
        *,
        crude_squares - crude_sum * crude_sum / sessions as crude_variation,
        portfolio_squares - portfolio_sum * portfolio_sum / sessions as portfolio_variation,
    from summed
)

select
    group_key,
    model,
    sessions,
    case
        when crude_variation > 1e-12 * crude_squares
            then sqrt(crude_variation / nullif(sessions - 1, 0)) / 128
        when sessions > 1 then 0.0
    end as crude_deviation,
    case
        when portfolio_variation > 1e-12 * portfolio_squares
            then sqrt(portfolio_variation / nullif(sessions - 1, 0)) / 128
        when sessions > 1 then 0.0
    end as portfolio_deviation,
    -- the square of the sum is every pair's product, and each member's own, which sum to 1
    (scaled_squares - members) / nullif(members * (members - 1), 0) as mean_correlation,
from varied
