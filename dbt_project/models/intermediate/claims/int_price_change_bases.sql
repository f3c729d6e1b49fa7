{#- Readings of a move on the claim's own listing: the basis, the close it starts from (a prefix of
    int_claim_prices), its end (low, high), the date and the citation of that end. -#}
{%- set readings = [
    ('close_to_close', 'previous', 'close', 'close', 'session_date', 'close_citation'),
    ('last_print', 'previous', 'last_print', 'last_print', 'session_date', 'null'),
    ('open', 'previous', 'open', 'open', 'session_date', 'close_citation'),
    ('low', 'previous', 'low', 'low', 'session_date', 'close_citation'),
    ('high', 'previous', 'high', 'high', 'session_date', 'close_citation'),
    ('intraday_range', 'range', 'low', 'high', 'session_date', 'close_citation'),
    (
        'previous_session', 'second_previous', 'previous_close', 'previous_close',
        'previous_session_date', 'previous_close_citation'
    ),
    ('two_session', 'second_previous', 'close', 'close', 'session_date', 'close_citation'),
] -%}

with claim_prices as (select * from {{ ref('int_claim_prices') }}),

other_listings as (select * from {{ ref('int_claim_other_listings') }}),

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
        from claim_prices
        union all
    {% endfor %}
    select
        claim_id,
        period as basis,
        symbol as listing,
        currency,
        period_close as reference_close,
        period_session_date as reference_session_date,
        period_close_citation as reference_citation,
        close as level_low,
        close as level_high,
        session_date as level_session_date,
        close_citation as level_citation,
        null as observation_source,
    from claim_prices
    where period in ('week', 'month', 'year_to_date', 'year')
    union all
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
    every_reading.claim_id,
    every_reading.basis,
    every_reading.listing,
    every_reading.currency,
    every_reading.reference_close,
    every_reading.reference_session_date,
    every_reading.reference_citation,
    every_reading.level_low,
    every_reading.level_high,
    every_reading.level_session_date,
    every_reading.level_citation,
    every_reading.observation_source,
from every_reading
inner join claim_prices on every_reading.claim_id = claim_prices.claim_id
where
    every_reading.level_low is not null
    and every_reading.level_high is not null
    and if(
        claim_prices.is_level,
        every_reading.basis <> 'two_session',
        every_reading.reference_close is not null
    )
    -- of a span, the day's own open, low and high are no readings
    and (
        claim_prices.period = 'session'
        or every_reading.basis
        in (claim_prices.period, 'intraday_range', 'close_to_close', 'two_session')
    )
