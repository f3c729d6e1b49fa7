with corporate_actions as (

    {{ landed('corporate_actions') }}

),

newest as (

    select *
    from corporate_actions
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
