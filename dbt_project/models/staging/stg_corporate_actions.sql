with corporate_actions as (
    {{ landed('corporate_actions') }}
),

-- what is no number says nothing, so it must not hide an older version that is one
newest as (
    select *
    from corporate_actions
    where isfinite(value)
    qualify
        row_number() over (
            partition by symbol, ex_date, kind
            order by fetched_at desc, batch desc, value asc
        ) = 1
)

select
    symbol,
    ex_date,
    kind,
    value,
    fetched_at,
    provider,
from newest
