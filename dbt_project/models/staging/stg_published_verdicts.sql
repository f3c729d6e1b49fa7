with published_verdicts as (
    {{ landed('published_verdicts') }}
)

select
    version,
    claim_id,
    symbol,
    session_date,
    stated_text,
    verdict,
    basis,
    derived_value,
    close,
    previous_close,
    price_snapshot,
    prices_fetched_at,
    fetched_at,
    provider,
from published_verdicts
