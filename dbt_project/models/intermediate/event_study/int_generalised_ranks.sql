-- Generalised rank tests: Kolari and Pynnonen (2011), Journal of Empirical Finance 18, 953-971. The
-- standardised CAR of a window joins its member's estimation window as one more value to be ranked.
with sums as (select * from {{ ref('int_group_sums') }}),

entered as (
    select
        members.group_key,
        members.subject_key,
        members.model,
        members.window_first,
        members.window_last,
        sums.n,
        members.scar / sums.scar_deviation as value,
    from {{ ref('int_group_members') }} as members
    inner join sums using (group_key, model, window_first, window_last)
    where sums.scar_deviation > 1e-12 * abs(sums.scar_mean)
),

-- a value that comes in moves the ranks above it up by one, and its equals by a half
compared as (
    select
        entered.*,
        ranks.relative_session,
        ranks.observations,
        case
            when ranks.standardised > entered.value then 1.0
            when ranks.standardised = entered.value then 0.5
            else 0.0
        end as moved,
        ranks.midrank,
    from entered
    inner join {{ ref('int_estimation_ranks') }} as ranks
        on
            entered.subject_key = ranks.subject_key
            and entered.model = ranks.model
),

estimation_points as (
    select
        group_key,
        model,
        window_first,
        window_last,
        relative_session,
        any_value(n) as n,
        count(*) as n_here,
        avg((midrank + moved) / (observations + 2.0) - 0.5) as mean_rank,
    from compared
    group by group_key, model, window_first, window_last, relative_session
),

member_points as (
    select
        group_key,
        model,
        window_first,
        window_last,
        any_value(observations) as observations,
        -- it ranks behind all that it does not move
        (any_value(observations) + 1.0 - sum(moved)) / (any_value(observations) + 2.0) - 0.5
            as member_rank,
    from compared
    group by group_key, model, window_first, window_last, subject_key
),

event_point as (
    select
        group_key,
        model,
        window_first,
        window_last,
        avg(member_rank) as event_rank,
        -- a rank of T values has this variance about one half
        sqrt(sum(observations / (12.0 * (observations + 2.0)))) / count(*) as rank_deviation,
    from member_points
    group by group_key, model, window_first, window_last
),

over_time as (
    select
        group_key,
        model,
        window_first,
        window_last,
        count(*) + 1 as points,
        sum(n_here / n * mean_rank * mean_rank) as mean_rank_squares,
    from estimation_points
    group by group_key, model, window_first, window_last
),

joined as (
    select
        event_point.*,
        over_time.points,
        over_time.mean_rank_squares,
    from event_point
    inner join over_time using (group_key, model, window_first, window_last)
),

scaled as (
    select
        *,
        event_rank / nullif(
            sqrt((mean_rank_squares + event_rank * event_rank) / points), 0
        ) as z,
    from joined
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
