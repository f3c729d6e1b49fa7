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
        'session' as period,
        session_date,
        testable_from,
        reason,
        expected_verdict,
    from {{ ref('stg_documented_figures') }}
),

extracted as (
    select
        claim_id,
        'extracted' as claim_source,
        null as figure_id,
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
        period,
        session_date,
        if(untestable_reason is null, prices_needed, 'not_testable') as testable_from,
        coalesce(untestable_reason, session_reason) as reason,
        null as expected_verdict,
    from {{ ref('int_extracted_claims') }}
),

-- the seam: another source of claims is one more CTE with these columns and one more `union all`
-- here; no model downstream asks where a claim comes from
stated as (
    select * from documented
    union all by name
    select * from extracted
)

select
    claim_id,
    claim_source,
    figure_id,
    article_id,
    subject,
    symbol,
    measure,
    -- a value counts in its direction: a printed sign becomes one, and three measures name theirs
    case
        when measure = 'recovered_after_early_fall' then 'up'
        when measure = 'largest_fall_since' then 'down'
        when measure = 'largest_rise_since' then 'up'
        when regexp_matches(stated_value, '^[-−]') then 'down'
        else direction
    end as direction,
    ltrim(stated_value, '+-−') as stated_value,
    ltrim(stated_value_to, '+-−') as stated_value_to,
    scale,
    unit,
    qualifier,
    coalesce(as_of, 'unstated') as as_of,
    coalesce(period, 'session') as period,
    session_date,
    testable_from,
    reason,
    expected_verdict,
from stated
