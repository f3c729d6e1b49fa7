"""When a warehouse may be continued: every doubt sends the build back to landing."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.publishing.fingerprint import Build, forget_build, record_build
from orchestration.defs.warehouse import continuing
from orchestration.defs.warehouse.continuing import build_or_rebuild, stamp, why_not_continued
from orchestration.defs.warehouse.dbt import Build as Outcome
from orchestration.defs.warehouse.dbt import DbtError
from orchestration.settings import Settings, load_settings

BATCH = "daily_bars/20250101T000000Z-recorded-aaaa.parquet"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment whose last build, by the code `one`, has ended."""
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})
    (settings.landing_dir / BATCH).parent.mkdir(parents=True)
    (settings.landing_dir / BATCH).touch()
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_landed_batches as "
            "select 'daily_bars' as source, '20250101T000000Z-recorded-aaaa' as batch"
        )
    record_build(settings, Build("inputs", code="one", warehouse=stamp(settings.warehouse_path)))
    return settings


def test_a_finished_build_by_the_same_code_is_continued(settings: Settings) -> None:
    (settings.landing_dir / "daily_bars" / "20250102T000000Z-recorded-bbbb.parquet").touch()
    assert why_not_continued(settings, "one") is None


def test_other_code_begins_anew(settings: Settings) -> None:
    assert why_not_continued(settings, "two") == "the code has changed"


def test_a_build_that_did_not_end_is_not_continued(settings: Settings) -> None:
    forget_build(settings)
    assert why_not_continued(settings, "one") == "no finished build is on record"


def test_a_batch_that_has_gone_is_named(settings: Settings) -> None:
    (settings.landing_dir / BATCH).unlink()
    assert BATCH in str(why_not_continued(settings, "one"))


@pytest.mark.parametrize("damage", ["missing", "shorter", "written", "log"])
def test_another_file_is_not_continued(settings: Settings, damage: str) -> None:
    path = settings.warehouse_path
    if damage == "missing":
        path.unlink()
    elif damage == "shorter":
        os.truncate(path, path.stat().st_size // 2)
    elif damage == "written":
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table more as select 1 as x")
    else:
        path.with_name(f"{path.name}.wal").touch()
    assert "not the one" in str(why_not_continued(settings, "one"))


def test_a_file_that_cannot_be_read_is_not_continued(settings: Settings) -> None:
    path = settings.warehouse_path
    path.write_bytes(b"x" * path.stat().st_size)
    record_build(settings, Build("inputs", code="one", warehouse=stamp(path)))
    assert "cannot be read" in str(why_not_continued(settings, "one"))


@pytest.mark.parametrize(
    "failure", [DbtError("damaged"), Outcome(failures=["int_prices: damaged"])]
)
def test_a_continued_build_that_fails_begins_from_landing(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: DbtError | Outcome,
) -> None:
    found: list[bool] = []
    good = Outcome(events=[{}])

    def build(settings: Settings, **_: object) -> Outcome:
        found.append(settings.warehouse_path.exists())
        if len(found) == 1 and isinstance(failure, DbtError):
            raise failure
        return failure if len(found) == 1 and isinstance(failure, Outcome) else good

    monkeypatch.setattr(continuing, "build", build)
    caplog.set_level(logging.INFO)
    assert build_or_rebuild(settings, None, logging.getLogger("test")) is good
    assert found == [True, False]
    assert "continuing failed" in caplog.text
    assert "damaged" in caplog.text


def test_a_build_with_an_obstacle_does_not_open_the_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []

    def build(settings: Settings, **_: object) -> Outcome:
        found.append(settings.warehouse_path.exists())
        return Outcome()

    monkeypatch.setattr(continuing, "build", build)
    build_or_rebuild(settings, "the code has changed", logging.getLogger("test"))
    assert found == [False]
