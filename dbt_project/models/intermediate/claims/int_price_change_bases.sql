{#- Readings of a move on the claim's own listing: the basis, the close it starts from (a prefix of
    int_claim_sessions), its end (low, high), the date and the citation of that end. -#}
{%- set readings = [
    ('close_to_close', 'previous', 'close', 'close', 'session_date', 'close_citation'),
    ('last_print', 'previous', 'last_print', 'last_print', 'session_date', 'null'),
    ('open', 'previous', 'open', 'open', 'session_date', 'close_citation'),
    ('low', 'previous', 'low', 'low', 'session_date', 'close_citation'),
    ('high', 'previous', 'high', 'high', 'session_date', 'close_citation'),
    ('intraday_range', 'previous', 'low', 'high', 'session_date', 'close_citation'),
    (
        'previous_session', 'second_previous', 'previous_close', 'previous_close',
        'previous_session_date', 'previous_close_citation'
    ),
    ('two_session', 'second_previous', 'close', 'close', 'session_date', 'close_citation'),
] -%}

with claim_sessions as (select * from {{ ref('int_claim_sessions') }}),

last_prints as (
    select * from {{ ref('int_observations') }}
    where kind = 'last_print'
),

other_listings as (select * from {{ ref('int_claim_other_listings') }}),

with_print as (
    select
        claim_sessions.*,
        last_prints.value as last_print,
        last_prints.source as last_print_source,
    from claim_sessions
    left join last_prints
        on
            claim_sessions.symbol = last_prints.symbol
            and claim_sessions.session_date = last_prints.session_date
            and lower(claim_sessions.currency) = lower(last_prints.unit)
),

every_reading as (
    {% for basis, start, level_low, level_high, level_date, level_citation in readings %}
        select
            claim_id,
            '{{ basis }}' as basis,
            symbol as listing,
            currency,
            {{ start }}_close as reference_close,
            {{ start }}_session_date as reference_session_date,
            {{ start }}_close_citation as reference_citation,
            {{ level_low }} as level_low,
            {{ level_high }} as level_high,
            {{ level_date }} as level_session_date,
            {{ level_citation }} as level_citation,
            {{ "last_print_source" if basis == 'last_print' else "null" }} as observation_source,
        from with_print
        union all
    {% endfor %}
    select
        claim_id,
        'other_listing' as basis,
        listing,
        currency,
        reference_close,
        reference_session_date,
        reference_citation,
        close as level_low,
        close as level_high,
        session_date as level_session_date,
        close_citation as level_citation,
        null as observation_source,
    from other_listings
)

select
    claim_id,
    basis,
    listing,
    currency,
    reference_close,
    reference_session_date,
    reference_citation,
    level_low,
    level_high,
    level_session_date,
    level_citation,
    observation_source,
from every_reading
where reference_close is not null and level_low is not null and level_high is not null
