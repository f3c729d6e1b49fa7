"""Reading back what has landed, and telling new rows from known ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.prices.landed import Reach, reach, settled_splits, unlanded
from orchestration.landing import land
from tests.price_world import actions_table, bar, bars_table, split, utc

THURSDAY, FRIDAY, MONDAY = date(2025, 1, 23), date(2025, 1, 24), date(2025, 1, 27)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "daily_bars"


def put(folder: Path, hour: int, *rows: dict[str, Any], provider: str = "yahoo") -> None:
    land(folder, bars_table(*rows), provider=provider, fetched_at=utc(1, 28, hour))


def new_days(folder: Path, *rows: dict[str, Any], provider: str = "yahoo") -> list[date]:
    days: list[date] = unlanded(bars_table(*rows), folder, provider)["session_date"].to_pylist()
    return days


def test_nothing_landed_reaches_nowhere_and_makes_every_row_new(folder: Path) -> None:
    assert reach(folder) == {}
    rows = [bar("NVDA", MONDAY, 118.42), bar("AAPL", FRIDAY, 222.78)]
    found = unlanded(bars_table(*rows), folder, "yahoo").to_pylist()
    assert [(row["session_date"], row["symbol"]) for row in found] == [
        (FRIDAY, "AAPL"),
        (MONDAY, "NVDA"),
    ]


def test_reach_is_over_all_batches_of_one_provider_or_of_all(folder: Path) -> None:
    put(folder, 1, bar("NVDA", FRIDAY, 142.62), bar("NVDA", MONDAY, 118.42))
    put(folder, 2, bar("NVDA", THURSDAY, 147.22), bar("AAPL", FRIDAY, 222.78))
    put(folder, 3, bar("NVDA", date(2025, 1, 28), 128.99), provider="recorded")
    assert reach(folder, "yahoo") == {
        "NVDA": Reach(THURSDAY, MONDAY),
        "AAPL": Reach(FRIDAY, FRIDAY),
    }
    assert reach(folder)["NVDA"].last == date(2025, 1, 28)


def test_only_rows_that_differ_from_the_newest_version_are_new(folder: Path) -> None:
    put(folder, 1, bar("NVDA", FRIDAY, 142.62), bar("NVDA", MONDAY, 118.58))
    put(folder, 2, bar("NVDA", MONDAY, 118.42))
    assert new_days(folder, bar("NVDA", FRIDAY, 142.62), bar("NVDA", MONDAY, 118.42)) == []
    # Back to the first version is a change again.
    assert new_days(folder, bar("NVDA", MONDAY, 118.58)) == [MONDAY]
    # The same bar of another symbol, or from another provider, is not known.
    assert new_days(folder, bar("AAPL", MONDAY, 118.42)) == [MONDAY]
    assert new_days(folder, bar("NVDA", MONDAY, 118.42), provider="recorded") == [MONDAY]


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({"volume": 1001}, True),
        ({"volume": None}, True),
        ({"currency": "GBp"}, True),
        ({"close": None}, True),
        ({"low": 118.41}, True),
        ({"close": 118.42 * (1 + 1e-7)}, False),  # single precision
        ({"close": 118.42 * (1 + 1e-6)}, True),
        ({"adjusted_close": 118.42 * (1 + 5e-7)}, False),  # Yahoo's wobble
        ({"adjusted_close": 118.42 * (1 + 2e-6)}, True),
    ],
)
def test_each_column_counts_above_its_noise(
    folder: Path, change: dict[str, Any], is_new: bool
) -> None:
    put(folder, 1, bar("NVDA", MONDAY, 118.42))
    assert new_days(folder, bar("NVDA", MONDAY, 118.42, **change)) == ([MONDAY] if is_new else [])


def test_null_equals_null_and_a_value_after_null_is_new(folder: Path) -> None:
    put(folder, 1, bar("NVDA", MONDAY, None, volume=None, currency=None))
    assert new_days(folder, bar("NVDA", MONDAY, None, volume=None, currency=None)) == []
    assert new_days(folder, bar("NVDA", MONDAY, 118.42)) == [MONDAY]


def test_actions_are_told_apart_by_kind_too(tmp_path: Path) -> None:
    folder = tmp_path / "corporate_actions"
    dividend = split("NVDA", MONDAY, 0.01) | {"kind": "dividend"}
    land(folder, actions_table(dividend), provider="yahoo", fetched_at=utc(1, 28))
    answer = actions_table(dividend, split("NVDA", MONDAY, 0.01))
    assert unlanded(answer, folder, "yahoo").to_pylist() == [split("NVDA", MONDAY, 0.01)]


def test_a_split_is_settled_by_the_bars_of_its_fetch(tmp_path: Path, folder: Path) -> None:
    actions = tmp_path / "corporate_actions"
    rows = actions_table(
        split("NVDA", MONDAY, 10.0), split("NVDA", FRIDAY, 0.01) | {"kind": "dividend"}
    )
    put(folder, 1, bar("NVDA", FRIDAY, 1426.2))
    land(actions, rows, provider="yahoo", fetched_at=utc(1, 28, 2))
    assert settled_splits(actions, folder, "yahoo") == set()
    put(folder, 2, bar("NVDA", FRIDAY, 142.62))
    assert settled_splits(actions, folder, "yahoo") == {("NVDA", MONDAY)}
    assert settled_splits(actions, folder, "recorded") == set()
