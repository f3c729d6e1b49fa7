with verdicts as (
    select * from {{ ref('int_claim_verdicts') }}
    where verdict <> 'not_testable'
),

claim_prices as (select * from {{ ref('int_claim_prices') }}),

bases as (select * from {{ ref('int_claim_bases') }}),

price_change_bases as (select * from {{ ref('int_price_change_bases') }}),

deciding as (
    select
        price_change_bases.*,
        claim_prices.is_level,
    from verdicts
    inner join claim_prices on verdicts.claim_id = claim_prices.claim_id
    inner join bases
        on
            verdicts.claim_id = bases.claim_id
            and verdicts.basis = bases.basis
    inner join price_change_bases
        on
            bases.claim_id = price_change_bases.claim_id
            and bases.basis = price_change_bases.basis
            and bases.listing = price_change_bases.listing
),

-- the closes that the claim's own span runs between, and those of the basis that decided; a level
-- has one of each
used as (
    select
        claim_id,
        session_date,
        close_citation as citation,
    from claim_prices
    union
    select
        claim_id,
        range_session_date,
        range_close_citation,
    from claim_prices
    where not is_level
    union
    select
        claim_id,
        reference_session_date,
        reference_citation,
    from deciding
    where not is_level
    union
    select
        claim_id,
        level_session_date,
        level_citation,
    from deciding
)

select
    verdicts.claim_id,
    string_agg(used.citation, '; ' order by used.session_date) as correction_citation,
    string_agg(
        used.session_date || ': ' || rtrim(used.citation, '.'), '; of ' order by used.session_date
    ) as correction_text,
from verdicts
inner join used on verdicts.claim_id = used.claim_id
where used.citation is not null
group by verdicts.claim_id
