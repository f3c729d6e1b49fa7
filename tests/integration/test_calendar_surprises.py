"""Clocks that change, half days, a closure and a session that the calendar did not foresee.

Real calendars of the winter of 2024/25: New York mourned on 9 January, which was announced ten days
before, so that an older calendar has a session there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration.defs.calendars.sessions import trading_sessions_of
from orchestration.defs.prices.tables import bars_schema
from orchestration.defs.warehouse.dbt import build
from orchestration.landing import batches, land
from orchestration.settings import Settings, load_settings
from orchestration.study.export import MARTS
from tests.price_history import EXCHANGES, FIRST_DAY, History, Row

pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")

PRICES = ["+price_incidents", "+daily_returns"]
MOURNING, AFTER = date(2025, 1, 9), date(2025, 1, 10)
SATURDAY = date(2025, 2, 1)
TODAY = date(2025, 4, 5)
# announced (UTC), exchange, day 0; a close comes an hour earlier once the clocks have changed
DAY_0 = [
    (datetime(2024, 12, 24, 17, 30), "XNYS", date(2024, 12, 24)),
    (datetime(2024, 12, 24, 18, 30), "XNYS", date(2024, 12, 26)),
    (datetime(2025, 3, 7, 20, 30), "XNYS", date(2025, 3, 7)),
    (datetime(2025, 3, 10, 20, 30), "XNYS", date(2025, 3, 11)),
    (datetime(2025, 3, 28, 16, 0), "XETR", date(2025, 3, 28)),
    (datetime(2025, 3, 31, 16, 0), "XETR", date(2025, 4, 1)),
]


@cache
def _sessions() -> pa.Table:
    return trading_sessions_of({mic: mic for mic in EXCHANGES}, FIRST_DAY, date(2025, 12, 31))


@dataclass
class Winter(History):
    """The good bar of each real session; the calendars are those of before the mourning."""

    today: date = TODAY

    def land_calendar(self) -> None:
        self.land_calendar_with({"XNYS": MOURNING})

    def land_calendar_with(self, unreal: dict[str, date]) -> None:
        more = [
            {"mic": mic, "session_date": day, "is_early_close": False}
            | {"opens_at": _at(day, 14), "closes_at": _at(day, 21)}
            for mic, day in unreal.items()
        ]
        extra = pa.Table.from_pylist(more, _sessions().schema)
        self._land("trading_sessions", pa.concat_tables([_sessions(), extra]))

    def land_events(self, events: Sequence[Row]) -> None:
        """The same ones whatever is asked for: theirs are the surprises."""
        self.snapshot(
            "events",
            [
                {"event_id": f"e{n}", "announced_at": announced.replace(tzinfo=UTC)}
                | {"name": f"event {n}", "studies": "short", "source": "a calendar"}
                for n, (announced, *_) in enumerate(DAY_0)
            ],
        )
        self.snapshot("event_instruments", [])

    def bars(self, instrument: Row, first: date, last: date) -> list[Row]:
        real = zip(
            *(_sessions()[name].to_pylist() for name in ("mic", "session_date")), strict=True
        )
        return [
            self.bar(instrument, day)
            for mic, day in real
            if mic == instrument["mic"] and first <= day <= last
        ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def _built(settings: Settings, *more: str) -> duckdb.DuckDBPyConnection:
    said: list[str] = []
    assert build(settings, select=[*PRICES, *more], report=said.append).failures == [], said
    return duckdb.connect(str(settings.warehouse_path), read_only=True)


def _incidents(marts: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], set[str]]:
    found: dict[tuple[str, date], set[str]] = {}
    for reason, day, symbol, quarantined in marts.execute(
        "select reason, session_date, symbol, is_quarantined from marts.price_incidents"
    ).fetchall():
        assert quarantined
        found.setdefault((reason, day), set()).add(symbol)
    return found


RETURNS = """
    select symbol, session_date, total_return_pct, sessions_spanned from marts.daily_returns
    where total_return_pct is not null order by all
"""


def test_surprises_are_incidents_until_the_calendar_knows_better(tmp_path: Path) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})
    world = Winter(settings.landing_dir, seed=1)
    new_york = {i["symbol"] for i in world.instruments if i["mic"] == "XNYS"}

    with _built(settings) as marts:
        assert _incidents(marts) == {("missing", MOURNING): new_york}
        before = marts.execute(RETURNS).fetchall()
    assert {(symbol, spanned) for symbol, day, _, spanned in before if day == AFTER} == {
        (i["symbol"], 2 if i["symbol"] in new_york else 1) for i in world.instruments
    }
    assert not any(day == MOURNING and symbol in new_york for symbol, day, *_ in before)
    # a day without a price is no fall to nothing
    assert all(abs(moved) < 15 for _, _, moved, _ in before)

    world.land_calendar_with({})
    with _built(settings) as marts:
        assert _incidents(marts) == {}
        after = marts.execute(RETURNS).fetchall()
    assert {spanned for *_, spanned in after} == {1}
    assert [row[:3] for row in after] == [row[:3] for row in before]

    dax = next(i for i in world.instruments if i["symbol"] == "DAX")
    world.land_bars([world.bar(dax, SATURDAY)])
    with _built(settings) as marts:
        assert _incidents(marts) == {("off_calendar", SATURDAY): {"DAX"}}
        assert marts.execute(RETURNS).fetchall() == after

    world.land_calendar_with({"XETR": SATURDAY})
    with _built(settings) as marts:
        others = {i["symbol"] for i in world.instruments if i["mic"] == "XETR"} - {"DAX", "RATE"}
        assert _incidents(marts) == {("missing", SATURDAY): others}
        now_known = {row[:2] for row in marts.execute(RETURNS).fetchall()}
    assert now_known - {row[:2] for row in after} == {("DAX", SATURDAY)}


def test_closes_follow_the_clocks_and_half_days(tmp_path: Path) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})
    world = Winter(settings.landing_dir, seed=2)
    world.land_calendar_with({})
    a = next(i for i in world.instruments if i["symbol"] == "A")
    folder = settings.landing_dir / "daily_bars"
    for batch in batches(folder):
        batch.unlink()
    # fetched at 20:15 UTC: before the close of the Friday, after that of the Monday; and at 18:15
    # UTC of an early close, when a usual session still has hours to go
    for day, clock in (
        (date(2025, 3, 7), time(20, 15)),
        (date(2025, 3, 10), time(20, 15)),
        (date(2024, 12, 23), time(18, 15)),
        (date(2024, 12, 24), time(18, 15)),
    ):
        bars = pa.Table.from_pylist([{**world.bar(a, day), "volume": 1}], bars_schema())
        land(folder, bars, provider="made", fetched_at=datetime.combine(day, clock, UTC))
    with _built(settings, "+event_sessions", *(f"+{name}" for name in MARTS)) as marts:
        # between the four days nothing was served
        early = {day for reason, day in _incidents(marts) if reason != "missing"}
        assert early == {date(2024, 12, 23), date(2025, 3, 7)}
        assert _incidents(marts)["future", date(2025, 3, 7)] == {"A"}
        found = marts.execute(
            "select event_id, mic, day_0_session_date from marts.event_sessions"
        ).fetchall()
    assert {(f"e{n}", mic, day) for n, (_, mic, day) in enumerate(DAY_0)} <= set(found)
    assert len(found) == len(DAY_0) * len(EXCHANGES)
