with restatements as (select * from {{ ref('int_price_restatements') }})

select
    price_restatement_id,
    symbol,
    session_date,
    field,
    old_value,
    new_value,
    old_fetched_at,
    new_fetched_at,
    old_provider,
    new_provider,
from restatements
