with subject_aliases as (
    {{ latest_snapshot('subject_aliases') }}
)

select
    alias,
    language,
    subject,
    symbol,
    kind,
from subject_aliases
