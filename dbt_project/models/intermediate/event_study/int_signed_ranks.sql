-- Wilcoxon (1945), Biometrics Bulletin 1, 80-83: ranks of what is not zero by its size, with the
-- variance corrected for ties.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'signed_ranks'
),

moved as (
    select
        members.group_key,
        members.model,
        members.window_first,
        members.window_last,
        members.car,
        abs(members.car) as size,
    from {{ ref('int_group_members') }} as members
    inner join asking on members.study_id = asking.study_id
    where members.car <> 0
),

ranked as (
    select
        *,
        rank() over (by_window order by size) as rank,
        count(*) over (partition by group_key, model, window_first, window_last, size) as ties,
    from moved
    window by_window as (partition by group_key, model, window_first, window_last)
),

summed as (
    select
        group_key,
        model,
        window_first,
        window_last,
        cast(count(*) as double) as n,
        sum(case when car > 0 then rank + (ties - 1) / 2.0 end) as positive_ranks,
        sum(cast(ties as double) * ties - 1.0) as tied_cubes,
    from ranked
    group by group_key, model, window_first, window_last
)

select
    group_key,
    model,
    window_first,
    window_last,
    (coalesce(positive_ranks, 0.0) - n * (n + 1) / 4)
    / nullif(sqrt(n * (n + 1) * (2 * n + 1) / 24 - tied_cubes / 48), 0) as wilcoxon_signed_rank_z,
from summed
