"""The job on a kept warehouse publishes what a build from landing does, or begins there."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from orchestration.defs.warehouse.continuing import stamp
from tests.conftest import Deployment, Finished
from tests.recorded_bars import add_sessions

NEXT = date(2025, 3, 21)
MORE = "continues the last build"
ANEW = "built from landing"
# of what was published before, what one more session does not change
KEPT = f"""
    select
        (select list(r order by r) from daily_returns as r where session_date < '{NEXT}'),
        (select list(r order by r) from event_study_results as r),
        (select list(v order by v) from claim_verdicts as v)
"""


@pytest.fixture
def yesterday(deployment: Deployment) -> Deployment:
    """A deployment that has run, and to which a session has come since."""
    add_sessions(deployment.recorded_dir, [NEXT])
    return deployment


def _content(deployment: Deployment) -> str:
    manifest = deployment.data_dir / "published" / "current" / "manifest.json"
    return str(json.loads(manifest.read_text())["content_hash"])


def _ran(deployment: Deployment, *arguments: str) -> Finished:
    finished = deployment.run(*arguments)
    assert finished.code == 0, finished.output
    return finished


def test_a_continued_run_publishes_what_landing_gives(yesterday: Deployment) -> None:
    before = _content(yesterday)
    assert MORE in _ran(yesterday).output
    continued = _content(yesterday)
    assert continued != before
    full = _ran(yesterday, "run", "--full")
    assert ANEW in full.output
    assert "already holds this content" in full.output
    assert _content(yesterday) == continued


def test_damage_that_shows_only_when_it_is_read_is_healed(yesterday: Deployment) -> None:
    path = yesterday.data_dir / "warehouse.duckdb"
    times = path.stat()
    whole = path.read_bytes()
    # past the headers, every second block
    block = 262_144
    for start in range(12_288, len(whole) - block, 2 * block):
        with path.open("r+b") as file:
            file.seek(start + block // 2)
            file.write(b"\xff" * 64)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    record = json.loads(path.with_name(f"{path.name}.build.json").read_text())
    assert record["warehouse"] == stamp(path)
    before = yesterday.query(KEPT)
    assert ANEW in _ran(yesterday).output
    assert yesterday.query(KEPT) == before


def test_a_shortened_warehouse_is_not_opened(yesterday: Deployment) -> None:
    path: Path = yesterday.data_dir / "warehouse.duckdb"
    os.truncate(path, path.stat().st_size // 2)
    before = yesterday.query(KEPT)
    output = _ran(yesterday).output
    assert f"{ANEW}: the file is not the one that the last build left" in output
    assert yesterday.query(KEPT) == before
