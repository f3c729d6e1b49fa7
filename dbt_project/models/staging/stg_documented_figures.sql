with documented_figures as (
    {{ latest_snapshot('documented_figures') }}
)

select
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
    expected_verdict,
    reason,
from documented_figures
