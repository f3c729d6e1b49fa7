"""A continued build gives what a build from landing gives, row for row and bit for bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.warehouse.dbt import build
from orchestration.settings import Settings, load_settings
from tests.price_history import History

# how a build came about, not what it holds
OF_THE_BUILD = {
    *("stg_landed_batches", "stg_changed_bars", "stg_price_changes"),
    *("int_touched_prices", "int_touched_returns"),
}
PRICES = ["+daily_returns", "+int_paired_returns", "+price_incidents", "+price_restatements"]


def _settings(folder: Path) -> Settings:
    return load_settings({"AFTERSHOCK_DATA_DIR": str(folder)})


def _build(settings: Settings, select: list[str]) -> None:
    said: list[str] = []
    outcome = build(settings, select=select, report=said.append)
    assert outcome.failures == [], said


def _rebuilt(settings: Settings, select: list[str]) -> Settings:
    """Build the same landing in a data directory of its own."""
    other = replace(settings, data_dir=settings.data_dir.with_name("rebuilt"))
    other.data_dir.mkdir(exist_ok=True)
    if not other.landing_dir.exists():
        other.landing_dir.symlink_to(settings.landing_dir)
    other.warehouse_path.unlink(missing_ok=True)
    _build(other, select)
    return other


def _differences(one: Path, other: Path) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'other'"
        ).fetchall()
        assert len(tables) > 10
        found = []
        for schema, table in tables:
            if table in OF_THE_BUILD:
                continue
            name = f"{schema}.{table}"
            for a, b in (("one", "other"), ("other", "one")):
                rows = connection.execute(
                    f"select * from {a}.{name} except all select * from {b}.{name} limit 3"
                ).fetchall()
                found += [f"{name}: only in {a}: {row}" for row in rows]
        return found


@pytest.mark.parametrize("seed", range(3))
def test_a_random_history_gives_what_landing_gives(tmp_path: Path, seed: int) -> None:
    settings = _settings(tmp_path / "continued")
    history = History(settings.landing_dir, seed)
    _build(settings, PRICES)
    for _ in range(8):
        history.step()
        _build(settings, PRICES)
        rebuilt = _rebuilt(settings, PRICES)
        assert _differences(settings.warehouse_path, rebuilt.warehouse_path) == [], history.log
