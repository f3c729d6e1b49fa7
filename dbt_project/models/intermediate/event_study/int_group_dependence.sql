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
)

select
    series.group_key,
    series.model,
    count(*) as sessions,
    stddev_samp(series.abnormal_return_sum / members.members) as crude_deviation,
    stddev_samp(series.abnormal_return_sum / series.n) as portfolio_deviation,
    -- the square of the sum is every pair's product, and each member's own, which sum to 1
    (sum(series.scaled_sum * series.scaled_sum) - any_value(members.members))
    / nullif(any_value(members.members) * (any_value(members.members) - 1), 0)
        as mean_correlation,
from series
inner join members
    on
        series.group_key = members.group_key
        and series.model = members.model
group by series.group_key, series.model
