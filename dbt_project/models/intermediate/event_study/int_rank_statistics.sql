with series as (select * from {{ ref('int_rank_series') }}),

windows as (
    select
        group_key,
        model,
        window_first,
        window_last,
    from {{ ref('int_group_sums') }}
),

deviations as (
    select
        group_key,
        model,
        sqrt({{ order_free_sum('rank_sum * rank_sum') }} / count(*)) as rank_deviation,
        sqrt({{ order_free_sum('restandardised_rank_sum * restandardised_rank_sum') }} / count(*))
            as restandardised_rank_deviation,
    from series
    group by group_key, model
),

summed as (
    select
        windows.group_key,
        windows.model,
        windows.window_first,
        windows.window_last,
        {{ order_free_sum('series.rank_sum') }}
        / sqrt(windows.window_last - windows.window_first + 1) as rank_sum,
        {{ order_free_sum('series.restandardised_rank_sum') }}
        / sqrt(windows.window_last - windows.window_first + 1) as restandardised_rank_sum,
    from windows
    inner join series
        on
            windows.group_key = series.group_key
            and windows.model = series.model
            and series.relative_session between windows.window_first and windows.window_last
    group by windows.group_key, windows.model, windows.window_first, windows.window_last
)

select
    summed.group_key,
    summed.model,
    summed.window_first,
    summed.window_last,
    summed.rank_sum / nullif(deviations.rank_deviation, 0) as corrado_rank_z,
    summed.restandardised_rank_sum / nullif(deviations.restandardised_rank_deviation, 0)
        as corrado_zivney_rank_z,
from summed
inner join deviations
    on
        summed.group_key = deviations.group_key
        and summed.model = deviations.model
