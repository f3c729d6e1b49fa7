"""Which symbols to ask a provider for, and from when to when.

Belongs here: the launchpad's configuration, its check, and the dates that follow from it, from
the calendar and from what has landed. Does not belong here: asking (`collect.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import dagster as dg
from pydantic import Field

from orchestration.defs.prices.inputs import Instrument
from orchestration.defs.prices.landed import Reach
from orchestration.defs.prices.provider import FetchError, NoCalendarError, NoDataError

OVERLAP_SESSIONS = 5
SETTLING_TIME = timedelta(minutes=30)
_EASTERNMOST = timedelta(hours=14)


class PlanError(ValueError):
    """The configuration of a price fetch cannot be used. The message names field and mend."""


class PriceFetchConfig(dg.Config):
    """What to fetch. Empty, it fetches what is new for every instrument.

    With a date it is a backfill: everything from `start_date` to `end_date` is asked for again,
    and rows that are new or changed land.
    """

    start_date: str | None = Field(
        default=None,
        description="First session, YYYY-MM-DD. Without it: where each symbol's bars end, or "
        "the first known session when only end_date is given.",
    )
    end_date: str | None = Field(
        default=None,
        description="Last session, YYYY-MM-DD, included. Without it: the last one that is over.",
    )
    symbols: list[str] = Field(
        default=[], description="Symbols to fetch, such as NVDA. Empty: every instrument."
    )

    @property
    def is_backfill(self) -> bool:
        """Whether days were chosen, so that what has landed does not matter."""
        return self.start_date is not None or self.end_date is not None


@dataclass(frozen=True)
class Request:
    """One question to a provider: a symbol and the sessions wanted, both ends included."""

    symbol: str
    start: date
    end: date


def plan(
    config: PriceFetchConfig,
    instruments: Sequence[Instrument],
    closed: Mapping[str, Sequence[date]],
    landed: Mapping[str, Reach],
    *,
    first_day: date,
    now: datetime,
) -> tuple[list[Request], dict[str, FetchError]]:
    """Return what to ask for, and why some symbols are not asked for.

    Args:
        config: what a person chose.
        instruments: every known instrument.
        closed: per exchange, the sessions that are over, ascending.
        landed: per symbol, what has landed from this provider.
        first_day: the first day that calendars cover.
        now: the present, with a zone.

    Raises:
        PlanError: a date or a symbol of the configuration cannot be used.
    """
    start, end = _dates(config, first_day, now)
    requests: list[Request] = []
    unasked: dict[str, FetchError] = {}
    for instrument in _chosen(config.symbols, instruments):
        sessions = closed.get(instrument.mic, ())
        if not sessions:
            unasked[instrument.symbol] = NoCalendarError(
                f"exchange {instrument.mic} has no closed session in landing/trading_sessions."
            )
            continue
        known = landed.get(instrument.symbol)
        if config.is_backfill or known is None:
            first = start or first_day
        else:
            first = overlap_start(sessions, known.last)
        last = min(end or sessions[-1], sessions[-1])
        if first <= last:
            requests.append(Request(instrument.symbol, first, last))
        else:
            unasked[instrument.symbol] = NoDataError(
                f"no session of {instrument.mic} from {first} on is over by {last}."
            )
    return requests, unasked


def overlap_start(sessions: Sequence[date], watermark: date) -> date:
    """Return the day from which to ask again so that late corrections are seen.

    Args:
        sessions: an exchange's sessions, ascending, at least one.
        watermark: the last landed session.
    """
    position = bisect_right(sessions, watermark) - 1 - OVERLAP_SESSIONS
    return min(sessions[max(position, 0)], watermark)


def _chosen(symbols: Sequence[str], instruments: Sequence[Instrument]) -> list[Instrument]:
    known = {instrument.symbol: instrument for instrument in instruments}
    unknown = sorted(set(symbols) - set(known))
    if unknown:
        raise PlanError(
            f"symbols: {', '.join(map(repr, unknown))} not in data/reference/instruments.csv: "
            f"add it there, or choose from {', '.join(known)}."
        )
    return [known[symbol] for symbol in dict.fromkeys(symbols)] if symbols else list(instruments)


def _dates(
    config: PriceFetchConfig, first_day: date, now: datetime
) -> tuple[date | None, date | None]:
    start = _day("start_date", config.start_date)
    end = _day("end_date", config.end_date)
    # A session of today in Tokyo may be tomorrow's date in UTC.
    today = (now.astimezone(UTC) + _EASTERNMOST).date()
    for name, day in (("start_date", start), ("end_date", end)):
        if day and day > today:
            raise PlanError(f"{name}: {day} is in the future; the last possible day is {today}.")
        if day and day < first_day:
            raise PlanError(
                f"{name}: {day} is before the first known session; choose {first_day} or later, "
                "or set AFTERSHOCK_CALENDAR_START to an earlier day."
            )
    if start and end and start > end:
        raise PlanError(f"start_date: {start} is after end_date {end}; swap them.")
    return start, end


def _day(name: str, value: str | None) -> date | None:
    if value is None:
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PlanError(f"{name}: {value!r} is not a day that exists ({error}).") from error
    raise PlanError(f"{name}: {value!r} is not a day; write it as YYYY-MM-DD.")
