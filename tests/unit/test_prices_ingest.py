"""A fetch from end to end, with a scripted provider: what lands, what does not, what heals."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from orchestration.defs.prices import ingest as ingest_module
from orchestration.defs.prices.ingest import NoAnswerError
from orchestration.defs.prices.inputs import InputError
from orchestration.defs.prices.provider import (
    ProviderDownError,
    RateLimitedError,
    UnknownSymbolError,
)
from orchestration.landing import batches, land
from tests.price_world import World, land_reference, settings_in, split, utc, world_in

FRIDAY, MONDAY, TUESDAY = date(2025, 1, 24), date(2025, 1, 27), date(2025, 1, 28)
NVDA = {FRIDAY: 142.62, MONDAY: 118.42}
TUESDAY_NOON = utc(1, 28, 12)
ROOT = Path(__file__).resolve().parents[2]


def test_a_second_fetch_lands_nothing_and_makes_no_file(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"NVDA": NVDA}, actions=[split("NVDA", FRIDAY, 10.0)])
    first = world.run(TUESDAY_NOON)
    assert (first.bars.num_rows, first.actions.num_rows) == (2, 1)
    files = [*batches(world.bars_dir), *batches(world.actions_dir)]
    second = world.run(utc(1, 28, 13))
    assert (second.bars.num_rows, second.actions.num_rows) == (0, 0)
    assert [*batches(world.bars_dir), *batches(world.actions_dir)] == files
    assert len(files) == 2


def test_a_late_correction_lands_as_a_second_version(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"NVDA": NVDA})
    world.run(TUESDAY_NOON)
    world.provider.closes["NVDA"] = NVDA | {MONDAY: 118.58}
    world.run(utc(1, 28, 13))
    assert world.landed() == [
        (TUESDAY_NOON, "NVDA", FRIDAY, 142.62),
        (TUESDAY_NOON, "NVDA", MONDAY, 118.42),
        (utc(1, 28, 13), "NVDA", MONDAY, 118.58),
    ]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (utc(1, 27, 20, 59), FRIDAY),  # New York still trades
        (utc(1, 27, 21, 29), FRIDAY),  # closed, not settled
        (utc(1, 27, 21, 30), MONDAY),
    ],
)
def test_a_session_that_is_not_over_never_lands(tmp_path: Path, now: object, last: date) -> None:
    world = world_in(tmp_path, {"NVDA": NVDA}, actions=[split("NVDA", MONDAY, 10.0)])
    done = world.run(now)  # type: ignore[arg-type]
    assert max(day for _, _, day, _ in world.landed()) == last
    assert done.actions.num_rows == (last == MONDAY)
    assert {end for symbol, _, end in world.provider.asked if symbol == "NVDA"} == {last}


def test_an_early_close_counts_from_its_own_hour(tmp_path: Path) -> None:
    eve = date(2024, 12, 24)
    world = world_in(tmp_path, {"NVDA": {eve: 140.22}})
    with_eve = world.run(utc(12, 24, 18, 30, year=2024))
    assert with_eve.bars["session_date"].to_pylist() == [eve]


def test_a_symbol_that_fails_is_named_and_the_others_land(tmp_path: Path) -> None:
    world = world_in(
        tmp_path,
        {
            "NVDA": NVDA,
            "MSFT": RateLimitedError("429."),
            "ENR.DE": UnknownSymbolError("not known."),
        },
    )
    done = world.run(TUESDAY_NOON)
    assert [(o.symbol, o.outcome) for o in done.collected.failed] == [
        ("ENR.DE", "unknown_symbol"),
        ("MSFT", "rate_limited"),
    ]
    assert done.collected.counts == {
        "answered": 1,
        "no_data": 2,
        "rate_limited": 1,
        "unknown_symbol": 1,
    }
    assert {symbol for _, symbol, _, _ in world.landed()} == {"NVDA"}


def test_an_instrument_that_is_no_symbol_is_never_asked_for(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    land_reference(settings, {"NVDA": "XNYS", "'; drop table x": "XNYS", "../etc": "XNYS"})
    world = World(settings, world_in(tmp_path / "other", {"NVDA": NVDA}).provider)
    done = world.run(TUESDAY_NOON)
    assert [o.symbol for o in done.collected.failed] == ["'; drop table x", "../etc"]
    assert [symbol for symbol, _, _ in world.provider.asked] == ["NVDA"]


def test_when_every_symbol_fails_the_fetch_fails_with_the_list(tmp_path: Path) -> None:
    down = {s: ProviderDownError(f"{s} 503.") for s in ("NVDA", "MSFT")}
    world = world_in(tmp_path, down)
    with pytest.raises(
        NoAnswerError, match=r"MSFT: scripted: provider_down: MSFT 503\.\nNVDA: scripted"
    ):
        world.run(TUESDAY_NOON)
    assert not world.bars_dir.exists()


def test_honest_empty_answers_land_an_empty_batch_once(tmp_path: Path) -> None:
    world = world_in(tmp_path, {})
    world.run(TUESDAY_NOON)
    world.run(utc(1, 28, 13))
    [file] = batches(world.bars_dir)
    assert len(batches(world.actions_dir)) == 1
    assert world.landed() == []
    assert file.name.startswith("20250128T120000")


def test_a_new_split_asks_for_the_whole_landed_history(tmp_path: Path) -> None:
    early = date(2025, 1, 2)
    world = world_in(tmp_path, {"NVDA": {early: 1380.0, FRIDAY: 1426.2}})
    world.run(utc(1, 26))
    world.provider.actions = [split("NVDA", MONDAY, 10.0)]
    world.provider.closes["NVDA"] = {early: 138.0, FRIDAY: 142.62, MONDAY: 118.42}
    world.provider.asked.clear()
    world.run(TUESDAY_NOON)
    asked = [(start, end) for symbol, start, end in world.provider.asked if symbol == "NVDA"]
    assert asked == [(date(2025, 1, 16), MONDAY), (early, MONDAY)]
    newest = {(s, d): close for _, s, d, close in world.landed()}
    assert newest[("NVDA", early)] == 138.0
    # Once it has landed, the split is no news.
    world.provider.asked.clear()
    world.run(utc(1, 28, 13))
    assert len([symbol for symbol, _, _ in world.provider.asked if symbol == "NVDA"]) == 1


def test_a_fetch_that_stops_between_its_two_files_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = date(2025, 1, 2)
    world = world_in(tmp_path, {"NVDA": {early: 1380.0, FRIDAY: 1426.2}})
    world.run(utc(1, 26))
    world.provider.actions = [split("NVDA", MONDAY, 10.0)]
    world.provider.closes["NVDA"] = {early: 138.0, FRIDAY: 142.62, MONDAY: 118.42}

    def disk_full(folder: Path, table: pa.Table, **stamp: Any) -> None:
        if folder.name == "daily_bars":
            raise OSError(28, "No space left on device")
        land(folder, table, **stamp)

    with monkeypatch.context() as patch:
        patch.setattr(ingest_module, "land", disk_full)
        with pytest.raises(OSError, match="No space left"):
            world.run(TUESDAY_NOON)
    assert len(batches(world.actions_dir)) == 2
    world.run(utc(1, 28, 13))
    assert {(s, d): close for _, s, d, close in world.landed()} == {
        ("NVDA", early): 138.0,
        ("NVDA", FRIDAY): 142.62,
        ("NVDA", MONDAY): 118.42,
    }


def test_a_damaged_file_is_named_and_its_rows_are_fetched_again(tmp_path: Path) -> None:
    early = date(2025, 1, 2)
    world = world_in(tmp_path, {"NVDA": {early: 138.31} | NVDA})
    world.run(utc(1, 26))
    world.run(TUESDAY_NOON)  # a second file, so that a watermark is left
    [oldest, _] = batches(world.bars_dir)
    oldest.write_bytes(oldest.read_bytes()[:200])
    world.provider.closes["NVDA"] = ProviderDownError("503.")
    world.provider.closes["MSFT"] = NVDA
    world.run(utc(1, 28, 13))
    assert oldest.name in world.warnings[0]
    assert {d for _, s, d, _ in world.landed() if s == "NVDA"} == {MONDAY}
    # The first run after the damage could not get NVDA, so the debt stands in the second.
    world.provider.closes["NVDA"] = {early: 138.31} | NVDA
    world.run(utc(1, 28, 14))
    assert {d for _, s, d, _ in world.landed() if s == "NVDA"} == {early, FRIDAY, MONDAY}
    [kept] = (tmp_path / "quarantine").iterdir()
    assert kept.name == f"daily_bars-{oldest.name}.replaced"
    # Paid: the next fetch is incremental again.
    world.provider.asked.clear()
    world.run(utc(1, 28, 15))
    assert ("NVDA", date(2025, 1, 17), MONDAY) in world.provider.asked


def test_a_kill_between_write_and_rename_leaves_nothing_that_counts(tmp_path: Path) -> None:
    world = world_in(tmp_path, {"NVDA": NVDA})
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_LANDING, str(world.bars_dir)],
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == 9
    [leftover] = world.bars_dir.iterdir()
    assert leftover.name.endswith(".tmp")
    assert leftover.stat().st_size > 0
    done = world.run(TUESDAY_NOON)
    assert done.bars.num_rows == 2
    assert not leftover.exists()
    assert len(list(world.bars_dir.iterdir())) == 1


KILLED_WHILE_LANDING = """
import os, pathlib, sys
from datetime import date
from orchestration.landing import land
from tests.price_world import bar, bars_table, utc
pathlib.Path.replace = lambda *_: os._exit(9)
rows = bars_table(bar("NVDA", date(2025, 1, 24), 142.62))
land(pathlib.Path(sys.argv[1]), rows, provider="scripted", fetched_at=utc(1, 25))
"""


@pytest.mark.parametrize("missing", ["instruments", "trading_sessions"])
def test_a_missing_source_is_named_with_its_mend(tmp_path: Path, missing: str) -> None:
    world = world_in(tmp_path, {"NVDA": NVDA})
    for file in batches(world.settings.landing_dir / missing):
        file.unlink()
    with pytest.raises(InputError, match=f"landing/{missing} has nothing .* materialize it first"):
        world.run(TUESDAY_NOON)
