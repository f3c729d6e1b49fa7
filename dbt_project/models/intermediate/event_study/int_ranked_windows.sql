-- The windows of each group whose standardised CARs vary, and so can be ranked, with a place for
-- each in a page of columns (int_ranked_pages). A table: the planner then knows how few they are.
with asking as (
    select distinct study_id from {{ ref('int_study_tests') }}
    where needs = 'generalised_ranks'
),

groups as (
    select distinct groups.group_key
    from {{ ref('int_group_subjects') }} as groups
    inner join asking on groups.study_id = asking.study_id
),

numbered as (
    select
        sums.group_key,
        sums.model,
        sums.window_first,
        sums.window_last,
        sums.n,
        sums.scar_deviation,
        row_number() over (
            partition by sums.group_key, sums.model
            order by sums.window_first, sums.window_last
        ) - 1 as number,
    from {{ ref('int_group_sums') }} as sums
    inner join groups on sums.group_key = groups.group_key
    where sums.scar_deviation > 1e-12 * abs(sums.scar_mean)
)

select
    group_key,
    model,
    window_first,
    window_last,
    n,
    scar_deviation,
    cast(number // {{ var('windows_of_a_page') }} as integer) as page,
    cast(number % {{ var('windows_of_a_page') }} + 1 as integer) as place,
from numbered
