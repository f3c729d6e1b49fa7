"""The fingerprint of the inputs, and the note that carries it to the publication."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.defs.publishing import fingerprint
from orchestration.defs.publishing.fingerprint import (
    Build,
    forget_build,
    inputs_fingerprint,
    published_from,
    record_build,
    recorded_build,
)
from orchestration.defs.publishing.publication import Facts
from orchestration.defs.publishing.publish import publish
from orchestration.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A deployment whose code, too, lies in the test's folder."""
    for name in ("orchestration/defs", "dbt_project/models", "dbt_project/target"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "uv.lock").write_text("one")
    (tmp_path / "orchestration" / "defs" / "code.py").write_text("x = 1")
    (tmp_path / "dbt_project" / "models" / "mart.sql").write_text("select 1")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    monkeypatch.setattr(fingerprint, "DBT_PROJECT_DIR", tmp_path / "dbt_project")
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path / "data")})
    land(settings, "daily_bars/20250101T000000Z-recorded-aaaa.parquet")
    return settings


def land(settings: Settings, name: str) -> None:
    path = settings.landing_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/landing/daily_bars/20250102T000000Z-recorded-bbbb.parquet", ""),
        ("data/landing/articles/20250101T000000Z-recorded-aaaa.parquet", ""),
        ("uv.lock", "two"),
        ("orchestration/defs/code.py", "x = 2"),
        ("orchestration/new.py", ""),
        ("dbt_project/models/mart.sql", "select 2"),
        ("dbt_project/models/mart.yml", ""),
    ],
)
def test_each_input_changes_it(name: str, content: str, settings: Settings, tmp_path: Path) -> None:
    before = inputs_fingerprint(settings)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content)
    assert inputs_fingerprint(settings) != before


@pytest.mark.parametrize(
    "name",
    [
        "data/landing/daily_bars/.half.parquet",
        "data/landing/daily_bars/notes.txt",
        "data/landing/published_verdicts/20250101T000000Z-publication-aaaa.parquet",
        "dbt_project/target/manifest.json",
        "dbt_project/logs/dbt.log",
        "dbt_project/.user.yml",
        "orchestration/__pycache__/code.cpython-311.pyc",
        "README.md",
    ],
)
def test_what_a_run_leaves_behind_does_not(name: str, settings: Settings, tmp_path: Path) -> None:
    before = inputs_fingerprint(settings)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("anything")
    assert inputs_fingerprint(settings) == before


def test_a_removed_batch_changes_it(settings: Settings) -> None:
    before = inputs_fingerprint(settings)
    next((settings.landing_dir / "daily_bars").iterdir()).unlink()
    assert inputs_fingerprint(settings) != before


def test_it_covers_this_repository(tmp_path: Path) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})
    assert inputs_fingerprint(settings) == inputs_fingerprint(settings)


def test_a_build_is_remembered_until_it_is_forgotten(settings: Settings) -> None:
    assert recorded_build(settings) is None
    record_build(settings, Build("abc"))
    assert recorded_build(settings) == Build("abc", version="")
    forget_build(settings)
    forget_build(settings)
    assert recorded_build(settings) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"inputs": "abc"}'])
def test_a_damaged_note_is_no_build(content: str, settings: Settings) -> None:
    fingerprint.build_record(settings).write_text(content)
    assert recorded_build(settings) is None


def test_published_from_knows_when_there_is_nothing_to_do(settings: Settings) -> None:
    import duckdb

    assert published_from(settings, "inputs-1") is None
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create schema marts; create table marts.t as select 1 as x")
    facts = Facts("inputs-1", "run", "code", {})
    publication = publish(settings.warehouse_path, settings.published_dir, None, facts)
    assert published_from(settings, "inputs-1") == replace(publication, is_new=False)
    assert published_from(settings, "inputs-2") is None
    # The code changed, the content did not: no new version, and yet nothing to do next time.
    record_build(settings, Build("inputs-2", publication.version))
    assert published_from(settings, "inputs-2") is not None
    # Built but not published, or published as something that is no longer current.
    record_build(settings, Build("inputs-3"))
    assert published_from(settings, "inputs-3") is None
    record_build(settings, Build("inputs-3", "an older version"))
    assert published_from(settings, "inputs-3") is None
    (publication.folder / "manifest.json").unlink()
    assert published_from(settings, "inputs-1") is None
