{{ config(materialized='view') }}

with documented as (
    select
        'documented|' || figure_id as claim_id,
        'documented' as claim_source,
        figure_id,
        article_id,
        subject,
        symbol,
        measure,
        direction,
        stated_value,
        stated_value_to,
        scale,
        unit,
        qualifier,
        as_of,
        session_date,
        testable_from,
        reason,
        expected_verdict,
    from {{ ref('stg_documented_figures') }}
),

-- the seam: another source of claims is one more CTE with these columns and one more `union all`
-- here; no model downstream asks where a claim comes from
stated as (
    select * from documented
)

select
    claim_id,
    claim_source,
    figure_id,
    article_id,
    subject,
    symbol,
    measure,
    -- a value counts in its direction, so a printed sign becomes one, and two measures name theirs
    case
        when measure = 'recovered_after_early_fall' then 'up'
        when measure = 'largest_fall_since' then 'down'
        when regexp_matches(stated_value, '^[-−]') then 'down'
        else direction
    end as direction,
    ltrim(stated_value, '+-−') as stated_value,
    ltrim(stated_value_to, '+-−') as stated_value_to,
    scale,
    unit,
    qualifier,
    coalesce(as_of, 'unstated') as as_of,
    session_date,
    testable_from,
    reason,
    expected_verdict,
from stated
