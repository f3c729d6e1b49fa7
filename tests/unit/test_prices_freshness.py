"""Freshness counts the sessions of each exchange, not days."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.defs.prices.checks import bars_freshness
from orchestration.defs.prices.freshness import ExchangeFreshness
from orchestration.landing import land
from tests.price_world import ScriptedProvider, bar, bars_table, land_reference, settings_in, utc

NEVER_ENDS = ScriptedProvider({})


def judge(
    folder: Path,
    now: datetime,
    landed: dict[str, date],
    provider: ScriptedProvider = NEVER_ENDS,
) -> dict[str, ExchangeFreshness]:
    """Return the exchanges of the symbols given, by MIC."""
    mics = {"NVDA": "XNYS", "MSFT": "XNYS", "ENR.DE": "XETR", "005930.KS": "XKRX"}
    settings = settings_in(folder)
    land_reference(settings, {symbol: mics[symbol] for symbol in landed})
    rows = [bar(symbol, day, 1.0) for symbol, day in landed.items() if day > date.min]
    land(settings.landing_dir / "daily_bars", bars_table(*rows), provider="x", fetched_at=now)
    return {found.mic: found for found in bars_freshness(settings, lambda _: provider, now)}


@pytest.mark.parametrize(
    ("now", "landed", "behind"),
    [
        # Sunday: Friday is enough.
        (utc(1, 26, 12), date(2025, 1, 24), 0),
        # Monday 20 January is a holiday, so Friday is enough until Tuesday's close and grace.
        (utc(1, 20, 23), date(2025, 1, 17), 0),
        (utc(1, 22, 2, 59), date(2025, 1, 17), 0),
        (utc(1, 22, 3), date(2025, 1, 17), 1),
        # An early close at 18:00 UTC is due at midnight; a full session would not be.
        (utc(12, 25, 0, year=2024), date(2024, 12, 23), 1),
        (utc(12, 24, 23, 59, year=2024), date(2024, 12, 23), 0),
        # Christmas Day asks for nothing more.
        (utc(12, 25, 20, year=2024), date(2024, 12, 24), 0),
        # Stale by three sessions.
        (utc(1, 28, 12), date(2025, 1, 22), 3),
    ],
)
def test_new_york(tmp_path: Path, now: datetime, landed: date, behind: int) -> None:
    found = judge(tmp_path, now, {"NVDA": landed})["XNYS"]
    assert found.behind == ({"NVDA": behind} if behind else {})


def test_lunar_new_year_in_seoul(tmp_path: Path) -> None:
    # Seoul is shut from 27 to 30 January while Frankfurt trades on.
    landed = {"005930.KS": date(2025, 1, 24), "ENR.DE": date(2025, 1, 24)}
    found = judge(tmp_path, utc(1, 30, 23), landed)
    assert found["XKRX"] == ExchangeFreshness(
        "XKRX", due=date(2025, 1, 24), latest=date(2025, 1, 24), behind={}
    )
    assert found["XETR"].behind == {"ENR.DE": 4}
    assert judge(tmp_path, utc(1, 31, 12, 30), landed)["XKRX"].behind == {"005930.KS": 1}


def test_one_symbol_that_stops_is_named_although_its_exchange_goes_on(tmp_path: Path) -> None:
    landed = {"NVDA": date(2025, 1, 27), "MSFT": date(2025, 1, 24)}
    found = judge(tmp_path, utc(1, 28, 12), landed)["XNYS"]
    assert (found.latest, found.behind) == (date(2025, 1, 27), {"MSFT": 1})
    assert found.cells()["sessions behind"] == "MSFT (1)"
    assert found.cells()["fresh"] == "no"


def test_a_symbol_that_never_landed_is_behind_with_a_provider_that_goes_on(tmp_path: Path) -> None:
    found = judge(tmp_path, utc(1, 28, 12), {"005930.KS": date.min})["XKRX"]
    assert found.behind == {"005930.KS": 10}
    assert found.latest is None


def test_a_recorded_provider_is_measured_by_its_own_end(tmp_path: Path) -> None:
    recorded = ScriptedProvider({"NVDA": {}}, end=date(2025, 1, 22))
    now = utc(1, 31, 23)
    fresh = judge(tmp_path, now, {"NVDA": date(2025, 1, 22), "005930.KS": date.min}, recorded)
    assert not fresh["XNYS"].behind
    assert (fresh["XKRX"].due, fresh["XKRX"].behind) == (None, {})
    stale = judge(tmp_path / "stale", now, {"NVDA": date(2025, 1, 21)}, recorded)
    assert stale["XNYS"].behind == {"NVDA": 1}
