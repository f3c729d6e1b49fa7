{%- set returns_before = built_before('int_paired_returns') %}
with now as (
    select every.*
    from {{ ref('int_touched_pairs') }} as every
    inner join {{ ref('int_touched_returns') }} as touched
        on {{ is_touched() }}
),

before as (
    {% if is_continued() and returns_before %}
        select every.*
        from {{ returns_before }} as every
        inner join {{ ref('int_touched_returns') }} as touched
            on {{ is_touched() }}
        where {{ bounds(ref('int_touched_returns'), 'from_session_date') }}
    {% else %}
        select * from now
    {% endif %}
),

came as (
    select * from now
    except
    select * from before
),

went as (
    select * from before
    except
    select * from now
)

select
    instrument_key,
    session_index,
from came
union
select
    instrument_key,
    session_index,
from went
