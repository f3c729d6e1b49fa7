"""The tables that stand upstream of the event-study engine, by name, as SQL over made-up numbers.

Belongs here: for each table that an engine model may refer to, how it is made of the `given_`
tables (synthetic.py), with the columns and types of the real model. Does not belong here: the
numbers themselves, and any model of the engine.
"""

from __future__ import annotations

_MOMENT = "((session_date + interval '{}')::timestamp at time zone 'UTC')"
_OPENS, _CLOSES = _MOMENT.format("14 hours 30 minutes"), _MOMENT.format("21 hours")
_NOON = _MOMENT.format("12 hours")

# made once, from the given_ tables of sessions, exchanges, instruments, events, members, factors
SMALL = {
    "stg_studies": "select * from given_study",
    "stg_exchanges": """
        select mic, 'XNYS' as calendar, mic as name, 'New York' as city from given_exchanges
    """,
    "stg_instruments": """
        select
            instrument + 2 as instrument_key, symbol, symbol as name, symbol as issuer, kind, mic,
            'USD' as currency, benchmark_symbol
        from given_instruments
    """,
    "stg_events": f"""
        select
            printf('E%07d', event) as event_id, 'made up' as name, {_NOON} as announced_at,
            (select study_id from given_study) as studies, null::varchar as source,
            null::varchar as note
        from given_events inner join given_sessions on day_0 = session_index
        order by event
    """,
    "stg_event_instruments": """
        select printf('E%07d', event) as event_id, symbol, 'group-' || "group" as group_name
        from given_members inner join given_instruments using (instrument)
        order by event, symbol
    """,
    "stg_factor_returns": "select * from given_factors",
    "stg_trading_sessions": f"""
        select
            mic, session_date, {_OPENS} as opens_at, {_CLOSES} as closes_at,
            false as is_early_close
        from given_exchanges cross join given_sessions
    """,
    "int_trading_sessions": f"""
        select
            mic, session_date, session_index, {_OPENS} as opens_at, {_CLOSES} as closes_at,
            false as is_early_close,
            lag(session_date) over by_date as previous_session_date,
            lead(session_date) over by_date as next_session_date,
            lag({_CLOSES}) over by_date as previous_closes_at
        from given_exchanges cross join given_sessions
        window by_date as (partition by mic order by session_date)
        order by mic, session_date
    """,
    # a build from landing: nothing has changed since another one
    "int_touched_prices": """
        select
            ''::varchar as symbol, date '2000-01-01' as from_session_date,
            date '2000-01-01' as until_session_date, date '2000-01-01' as read_from_session_date
        where false
    """,
    "int_changed_returns": "select 1 as instrument_key, 1 as session_index where false",
}

_BAR = """
    symbol::varchar as symbol, mic::varchar as mic,
    if(starts_with(symbol::varchar, '^'), 'index', 'stock') as kind, session_date, session_index
"""
_PRICES = "close as open, close as high, close as low, close, 1e6 as volume, 'USD' as currency"

# appended to once for each chunk of bars, one row of which is a session of an instrument
OF_BARS = {
    "int_bar_quality": f"""
        select
            {_BAR}, {_PRICES}, null::double as previous_served_close, 'USD' as served_currency,
            if(is_usable, 'ok', 'stale') as quality, 1::bigint as copies, 1::bigint as variants,
            close as lowest_close, close as highest_close, 1.0::double as level_factor,
            timestamptz '2030-01-01' as fetched_at, 'made up' as provider, 'made up' as snapshot
        from chunk
    """,
    "int_prices": f"""
        select
            {_BAR}, {_PRICES}, 'provider' as price_source, null::varchar as correction_citation,
            'made up' as snapshot
        from chunk where is_usable
    """,
    "int_paired_returns": """
        with paired as (
            select
                *, exp(log_return) - 1.0 as simple_return,
                exp(benchmark_log_return) - 1.0 as benchmark_simple_return
            from chunk where has_return
        )
        select
            instrument + 2 as instrument_key, symbol::varchar as symbol, mic::varchar as mic,
            session_date, session_index, previous_session_date, sessions_spanned,
            benchmark_symbol::varchar as benchmark_symbol, simple_return, log_return,
            benchmark_log_return, benchmark_simple_return,
            lag(sessions_spanned) over by_session as previous_sessions_spanned,
            lag(simple_return) over by_session as previous_simple_return,
            lag(log_return) over by_session as previous_log_return,
            lag(benchmark_log_return) over by_session as previous_benchmark_log_return,
            lag(benchmark_simple_return) over by_session as previous_benchmark_simple_return,
            case when lead(sessions_spanned) over by_session = 1
                then lead(benchmark_log_return) over by_session
            end as next_benchmark_log_return,
            case when lead(sessions_spanned) over by_session = 1
                then lead(benchmark_simple_return) over by_session
            end as next_benchmark_simple_return,
            false as rests_on_correction
        from paired
        window by_session as (partition by instrument order by session_index)
    """,
}
# what the engine reads of the wide ones; of any other table a scan takes every column
READ_OF = {
    "int_bar_quality": ("symbol", "session_index", "quality"),
    "int_prices": ("symbol", "session_index", "session_date"),
    "int_paired_returns": (
        "instrument_key",
        "session_index",
        "session_date",
        "sessions_spanned",
        "simple_return",
        "benchmark_simple_return",
        "rests_on_correction",
    ),
}
