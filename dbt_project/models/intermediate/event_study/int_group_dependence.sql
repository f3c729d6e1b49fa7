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

-- in percent, so that squares are no tiny numbers
means as (
    select
        series.group_key,
        series.model,
        members.members,
        100 * series.abnormal_return_sum / members.members as crude_pct,
        100 * series.abnormal_return_sum / series.n as portfolio_pct,
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
        {{ order_free_sum('crude_pct') }} as crude,
        {{ order_free_sum('crude_pct * crude_pct') }} as crude_squares,
        {{ order_free_sum('portfolio_pct') }} as portfolio,
        {{ order_free_sum('portfolio_pct * portfolio_pct') }} as portfolio_squares,
        {{ order_free_sum('scaled_sum * scaled_sum') }} as scaled_squares,
    from means
    group by group_key, model
)

select
    group_key,
    model,
    sessions,
    sqrt(greatest(0.0, crude_squares - crude * crude / sessions) / nullif(sessions - 1, 0)) / 100
        as crude_deviation,
    sqrt(
        greatest(0.0, portfolio_squares - portfolio * portfolio / sessions)
        / nullif(sessions - 1, 0)
    ) / 100 as portfolio_deviation,
    -- the square of the sum is every pair's product, and each member's own, which sum to 1
    (scaled_squares - members) / nullif(members * (members - 1), 0) as mean_correlation,
from summed
