"""Symbols, choosing a provider by name, and the recorded provider with its file."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from orchestration.defs.prices.provider import (
    NoDataError,
    NotRecordedError,
    ProviderUnusableError,
    UnknownSymbolError,
    check_symbol,
    load_provider,
)
from orchestration.defs.prices.providers.recorded import RecordedProvider
from orchestration.defs.prices.tables import actions_schema, bars_schema, markdown
from orchestration.settings import ROOT, price_providers
from tests.price_world import settings_in

RECORDED = ROOT / "data" / "recorded"
EVER = (date(2015, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize("symbol", ["NVDA", "^GSPC", "EURUSD=X", "005930.KS", "BRK-B", "A" * 20])
def test_a_symbol_passes(symbol: str) -> None:
    assert check_symbol(symbol) == symbol


@pytest.mark.parametrize(
    "symbol",
    ["", "nvda", "A" * 21, ".DE", "=X", "A B", "A/B", "../etc", "'; drop table x", "A\n", "Ä"],
)
def test_what_is_no_symbol_is_named(symbol: str) -> None:
    with pytest.raises(UnknownSymbolError, match="is not a symbol: use 1 to 20 of"):
        check_symbol(symbol)


def test_every_listed_provider_can_be_loaded_by_its_name(tmp_path: Path) -> None:
    assert price_providers() == ["drop", "recorded", "yahoo"]
    for name in price_providers():
        provider = load_provider(settings_in(tmp_path), name)
        assert provider.name == name


def test_a_module_without_a_factory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "orchestration.defs.prices.providers.recorded"
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    with pytest.raises(ProviderUnusableError, match=r"recorded has no provider\(settings\)"):
        load_provider(settings_in(tmp_path), "recorded")


def test_the_recorded_file_is_what_its_readme_says() -> None:
    recorded = RecordedProvider(RECORDED / "daily_bars.parquet")
    nvda = recorded.fetch("NVDA", *EVER)
    assert nvda.bars.schema == bars_schema()
    assert nvda.actions.schema == actions_schema()
    assert (nvda.bars.num_rows, nvda.currency, nvda.tries) == (1311, "USD", 1)
    assert nvda.bars["session_date"][0].as_py() == date(2020, 1, 2)
    assert nvda.bars["adjusted_close"].null_count == 1311
    splits = [row for row in nvda.actions.to_pylist() if row["kind"] == "split"]
    assert [(row["ex_date"], row["value"]) for row in splits] == [
        (date(2021, 7, 20), 4.0),
        (date(2024, 6, 10), 10.0),
    ]
    assert recorded.available_until("NVDA") == date(2025, 3, 20)
    assert recorded.available_until("^GDAXI") == date(2025, 2, 24)


def test_the_stale_bars_are_left_in() -> None:
    recorded = RecordedProvider(RECORDED / "daily_bars.parquet")
    bars = recorded.fetch("ENR.DE", date(2025, 1, 23), date(2025, 1, 24)).bars.to_pylist()
    assert [(row["close"], row["volume"]) for row in bars][1] == (58.80, 0)
    assert bars[0]["close"] == 58.80
    assert bars[0]["currency"] == "EUR"
    every = recorded.fetch("ENR.DE", *EVER).bars.to_pylist()
    idle = [(row["close"], before["close"]) for before, row in pairwise(every) if not row["volume"]]
    assert len(idle) == 24
    assert sum(close == before for close, before in idle) == 22


def test_both_ends_are_included_and_days_outside_are_not() -> None:
    recorded = RecordedProvider(RECORDED / "daily_bars.parquet")
    bars = recorded.fetch("NVDA", date(2025, 1, 24), date(2025, 1, 27)).bars
    assert bars["close"].to_pylist() == [142.62, 118.42]
    with pytest.raises(NoDataError, match="nothing is recorded from 2025-01-25 to 2025-01-26"):
        recorded.fetch("NVDA", date(2025, 1, 25), date(2025, 1, 26))


def test_a_symbol_that_is_not_recorded_is_no_failure() -> None:
    recorded = RecordedProvider(RECORDED / "daily_bars.parquet")
    with pytest.raises(NotRecordedError, match=r"has no bars of 005930\.KS") as caught:
        recorded.fetch("005930.KS", *EVER)
    assert not caught.value.is_failure
    assert recorded.available_until("005930.KS") == date.min


@pytest.mark.parametrize("content", [None, b"PAR1 cut short"])
def test_a_missing_or_damaged_recording_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "daily_bars.parquet"
    if content:
        path.write_bytes(content)
    with pytest.raises(ProviderUnusableError, match="AFTERSHOCK_RECORDED_DIR"):
        RecordedProvider(path).fetch("NVDA", *EVER)


def test_a_fetch_of_recorded_bars_does_not_import_pandas() -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from orchestration.defs.prices.providers.recorded import RecordedProvider\n"
        "answer = RecordedProvider(Path(sys.argv[1])).fetch('NVDA', date.min, date.max)\n"
        "assert answer.bars.num_rows == 1311\n"
        "sys.exit('pandas' in sys.modules)"
    )
    path = str(RECORDED / "daily_bars.parquet")
    assert subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, check=False).returncode == 0


HEADER = "symbol,date,open,high,low,close,volume,dividends,stock_splits\n"


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("builder", RECORDED / "build_daily_bars.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_same_figures_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    rows = ["ENR.DE,2025-01-24,,,,58.8,0,0.0,0\n", "NVDA,2025-01-24,1,2,0.5,1.5,9,0.25,10\n"]
    files = []
    for number, order in enumerate((rows, rows[::-1])):
        csv = tmp_path / f"{number}.csv"
        csv.write_text(HEADER + "".join(order))
        assert builder().build(csv, csv.with_suffix(".parquet")) == 2
        files.append(csv.with_suffix(".parquet").read_bytes())
    assert files[0] == files[1]
    [enr] = RecordedProvider(tmp_path / "0.parquet").fetch("ENR.DE", *EVER).bars.to_pylist()
    assert (enr["open"], enr["close"], enr["volume"], enr["currency"]) == (None, 58.8, 0, "EUR")


def test_a_session_twice_stops_the_build(tmp_path: Path) -> None:
    csv = tmp_path / "twice.csv"
    csv.write_text(HEADER + "NVDA,2025-01-24,1,2,0.5,1.5,9,0.0,0\n" * 2)
    with pytest.raises(ValueError, match="1 sessions appear twice"):
        builder().build(csv, tmp_path / "twice.parquet")


def test_text_from_outside_stays_in_its_cell() -> None:
    table = markdown([{"reason": "a|b\n<img src=x>`", "rows": None}])
    assert table.splitlines()[2] == "| a&#124;b &lt;img src=x>&#96; |  |"
    assert markdown([]) == "(no rows)"
