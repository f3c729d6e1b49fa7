"""A snapshot of sessions lands when its making changes, and costs nothing when it is current."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration import landing
from orchestration.defs.calendars import snapshot
from orchestration.defs.calendars.assets import trading_sessions
from orchestration.defs.calendars.sessions import CalendarUnusableError
from orchestration.defs.calendars.snapshot import (
    NoExchangesError,
    land_trading_sessions,
    provider_of,
    snapshot_provider,
)
from orchestration.settings import ROOT, Settings, load_settings

# exchange_calendars 4.13 uses what pandas 4 will change; nothing here can mend it.
pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")

NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERSHOCK_CALENDAR_START", "2025-01-01")
    return load_settings()


def fail(warning: str) -> None:
    pytest.fail(f"nothing should be warned of: {warning}")


def land_exchanges(settings: Settings, mic: str = "XNYS", calendar: str = "XNYS") -> None:
    landing.land(
        settings.landing_dir / "exchanges",
        pa.table({"mic": [mic], "calendar": [calendar]}),
        provider="reference",
        fetched_at=datetime.now(UTC),
    )


def test_the_range_is_from_the_start_to_the_end_of_next_year(settings: Settings) -> None:
    land_exchanges(settings)
    batch, is_new = land_trading_sessions(settings, NOW, fail)
    days = pq.read_table(batch).column("session_date").to_pylist()
    assert is_new
    assert (days[0], days[-1]) == (date(2025, 1, 2), date(2026, 12, 31))


def test_a_current_snapshot_is_kept(settings: Settings) -> None:
    land_exchanges(settings)
    first, _ = land_trading_sessions(settings, NOW, fail)
    assert land_trading_sessions(settings, NOW.replace(month=11), fail) == (first, False)


@pytest.mark.parametrize("change", ["exchanges", "start", "year", "package"])
def test_a_new_snapshot_lands_when_its_making_changes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    land_exchanges(settings)
    first, _ = land_trading_sessions(settings, NOW, fail)
    now = NOW.replace(day=2)
    if change == "exchanges":
        land_exchanges(settings, "XNAS")
    elif change == "start":
        settings = replace(settings, calendar_start=date(2024, 1, 1))
    elif change == "year":
        now = NOW.replace(year=2026)
    else:
        monkeypatch.setattr(snapshot, "version", lambda name: "99.0")
    batch, is_new = land_trading_sessions(settings, now, fail)
    assert is_new
    assert batch != first
    assert land_trading_sessions(settings, now, fail) == (batch, False)


def test_the_provider_stamp_is_readable_and_legal() -> None:
    provider = snapshot_provider("0123456789abcdef", date(2015, 1, 1), date(2026, 12, 31))
    assert provider.startswith("exchange_calendars_4.")
    assert set(provider) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.")
    assert provider_of(Path(f"20250201T000000000000Z-{provider}-0123.parquet")) == provider


def test_without_exchanges_the_error_says_what_to_run(settings: Settings) -> None:
    with pytest.raises(NoExchangesError, match="materialize landing/exchanges first"):
        land_trading_sessions(settings, NOW, fail)


def test_a_failed_calendar_leaves_the_last_snapshot(settings: Settings) -> None:
    land_exchanges(settings)
    first, _ = land_trading_sessions(settings, NOW, fail)
    land_exchanges(settings, "XFOO", "Foo")
    with pytest.raises(CalendarUnusableError, match=r"mic XFOO: calendar 'Foo'"):
        land_trading_sessions(settings, NOW, fail)
    assert landing.batches(settings.landing_dir / "trading_sessions") == [first]


def test_a_snapshot_cut_short_is_made_again(settings: Settings) -> None:
    land_exchanges(settings)
    first, _ = land_trading_sessions(settings, NOW, fail)
    first.write_bytes(first.read_bytes()[:50])
    warnings: list[str] = []
    batch, is_new = land_trading_sessions(settings, NOW.replace(day=2), warnings.append)
    assert is_new
    assert first.name in warnings[0]
    assert landing.batches(batch.parent) == [batch]


def test_a_current_snapshot_imports_neither_pandas_nor_the_calendars(settings: Settings) -> None:
    land_exchanges(settings)
    land_trading_sessions(settings, NOW, fail)
    code = (
        "import sys, datetime;"
        "from orchestration.settings import load_settings;"
        "from orchestration.defs.calendars.snapshot import land_trading_sessions;"
        "now = datetime.datetime(2025, 2, 2, tzinfo=datetime.UTC);"
        "_, is_new = land_trading_sessions(load_settings(), now, print);"
        "sys.exit(is_new or bool({'pandas', 'exchange_calendars'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_asset_lands_and_reports(settings: Settings) -> None:
    land_exchanges(settings)
    (event,) = dg.materialize([trading_sessions]).asset_materializations_for_node(
        "landing__trading_sessions"
    )
    rows = pq.read_table(settings.landing_dir / "trading_sessions").num_rows
    assert event.metadata["dagster/row_count"].value == rows
    assert event.metadata["is_new_snapshot"].value is True
    assert trading_sessions.asset_deps[trading_sessions.key] == {
        dg.AssetKey(["landing", "exchanges"])
    }
