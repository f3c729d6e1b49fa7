-- noqa: disable=LT02,LT05,RF02
-- The columns are made by loops, whose layout the linter cannot judge.
-- Generalised rank tests: Kolari and Pynnonen (2011), Journal of Empirical Finance 18, 953-971. The
-- standardised CAR of a window joins its member's estimation window as one more value to be ranked.
-- It moves the ranks above it up by one, and its equals by a half. Ranks are counted from the middle
-- one and doubled until the end, so that those of a member sum to 0 and are whole numbers.
{%- set places = range(1, var('windows_of_a_page') + 1) %}
with ranked as (
    select
        pages.* exclude (subject_key, observations),
        ranks.relative_session,
        ranks.standardised,
        2.0 * ranks.midrank - pages.observations - 1.0 as centred,
        1.0 / (pages.observations + 2.0) as weight,
    from {{ ref('int_ranked_pages') }} as pages
    inner join {{ ref('int_estimation_ranks') }} as ranks
        on
            pages.subject_key = ranks.subject_key
            and pages.model = ranks.model
),

points as (
    select
        group_key,
        model,
        page,
        relative_session,
        {%- for j in places %}
        {{ order_free_sum('weight * (centred + sign(standardised - value_' ~ j ~ '))') }} as rank_{{ j }},
        count(value_{{ j }}) as n_{{ j }},
        {%- endfor %}
    from ranked
    group by group_key, model, page, relative_session
),

-- what the event ranks above the middle, the estimation window ranks below
over_time as (
    select
        group_key,
        model,
        page,
        unnest([{{ places | join(', ') }}]) as place,
        unnest([{% for j in places %}count(rank_{{ j }}){{ ', ' if not loop.last }}{% endfor %}]) as sessions,
        unnest([{% for j in places %}-{{ order_free_sum('rank_' ~ j) }} / 2.0{{ ', ' if not loop.last }}{% endfor %}]) as event_rank_sum,
        unnest([{% for j in places %}{{ order_free_sum('rank_' ~ j ~ ' * rank_' ~ j ~ ' / n_' ~ j) }} / 4.0{{ ', ' if not loop.last }}{% endfor %}]) as rank_squares,
    from points
    group by group_key, model, page
),

-- a rank of T values has this variance about one half
deviations as (
    select
        group_key,
        model,
        page,
        unnest([{{ places | join(', ') }}]) as place,
        unnest([
            {%- for j in places %}
            {{ order_free_sum('case when value_' ~ j ~ ' is not null then observations / (12.0 * (observations + 2.0)) end') }}
            {{- ', ' if not loop.last }}
            {%- endfor %}
        ]) as rank_variance_sum,
    from {{ ref('int_ranked_pages') }}
    group by group_key, model, page
),

scaled as (
    select
        windows.group_key,
        windows.model,
        windows.window_first,
        windows.window_last,
        over_time.sessions + 1 as points,
        over_time.event_rank_sum / windows.n as event_rank,
        sqrt(deviations.rank_variance_sum) / windows.n as rank_deviation,
        event_rank / nullif(
            sqrt((over_time.rank_squares / windows.n + event_rank * event_rank) / points), 0
        ) as z,
    from {{ ref('int_ranked_windows') }} as windows
    inner join over_time using (group_key, model, page, place)
    inner join deviations using (group_key, model, page, place)
)

select
    group_key,
    model,
    window_first,
    window_last,
    points - 2 as grank_df,
    case
        when points > 2 and points - 1 > z * z then z * sqrt((points - 2) / (points - 1 - z * z))
    end as grank_t,
    event_rank / nullif(rank_deviation, 0) as grank_z,
from scaled
