"""The sessions that an exchange calendar knows.

Belongs here: turning one calendar into session rows, in UTC. Does not belong here: counting
sessions or aligning events with them (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from exchange_calendars import ExchangeCalendar


class CalendarUnusableError(ValueError):
    """A calendar cannot be used. The message names the exchange, the calendar and the mend."""

    def __init__(self, mic: str, calendar: str, mend: str) -> None:
        super().__init__(f"exchanges.csv, mic {mic}: calendar {calendar!r} cannot be used: {mend}")


def trading_sessions_of(calendars: Mapping[str, str], first: date, last: date) -> pa.Table:
    """Return every session of every exchange, by exchange and day.

    Args:
        calendars: exchange_calendars name by MIC; MICs may share a calendar.
        first: first day asked for; a calendar that begins later gives what it knows.
        last: last day asked for; a calendar that ends earlier gives what it knows.

    Returns:
        mic string, session_date date32, opens_at and closes_at timestamp[us, UTC],
        is_early_close bool.

    Raises:
        CalendarUnusableError: a calendar is unknown or does not work with the installed pandas.
    """
    import pyarrow as pa

    schema = pa.schema(
        [
            ("mic", pa.string()),
            ("session_date", pa.date32()),
            ("opens_at", pa.timestamp("us", "UTC")),
            ("closes_at", pa.timestamp("us", "UTC")),
            ("is_early_close", pa.bool_()),
        ]
    )
    built: dict[str, ExchangeCalendar] = {}
    parts = []
    for mic, name in sorted(calendars.items()):
        if name not in built:
            built[name] = _calendar(mic, name, first, last)
        calendar = built[name]
        columns = [
            pa.array([mic] * len(calendar.sessions), pa.string()),
            pa.array(calendar.sessions.date, pa.date32()),
            _utc(calendar.opens),
            _utc(calendar.closes),
            pa.array(calendar.sessions.isin(calendar.early_closes), pa.bool_()),
        ]
        parts.append(pa.Table.from_arrays(columns, schema=schema))
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _utc(moments: pd.Series[pd.Timestamp]) -> pa.Array:
    """Return moments that carry a zone as timestamp[us, UTC]."""
    import pyarrow as pa

    in_utc = moments.dt.tz_convert(None).to_numpy().astype("datetime64[us]")
    return pa.array(in_utc, pa.timestamp("us", "UTC"))


def _calendar(mic: str, name: str, first: date, last: date) -> ExchangeCalendar:
    """Return a calendar over the asked days, as far as it knows them."""
    import exchange_calendars as xcals
    from exchange_calendars.errors import CalendarError, InvalidCalendarName

    start, end = first.isoformat(), last.isoformat()
    try:
        try:
            return xcals.get_calendar(name, start=start, end=end)
        except ValueError:
            # Some calendars refuse days beyond their records instead of clipping them.
            known = xcals.get_calendar(name)
            low, high = known.bound_min(), known.bound_max()
            start = start if low is None else max(start, low.date().isoformat())
            end = end if high is None else min(end, high.date().isoformat())
            return xcals.get_calendar(name, start=start, end=end)
    except InvalidCalendarName as error:
        mend = (
            "exchange_calendars does not know it; names are market identifier codes such as "
            "XNYS, XETR or XTKS, and 24/5 or 24/7"
        )
        raise CalendarUnusableError(mic, name, mend) from error
    except (CalendarError, ValueError, NotImplementedError) as error:
        mend = f"exchange_calendars fails between {start} and {end} ({str(error)[:200]})"
        raise CalendarUnusableError(mic, name, mend) from error
