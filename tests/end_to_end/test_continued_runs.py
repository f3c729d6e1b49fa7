"""The job on a kept warehouse publishes what a build from landing does, or begins there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from orchestration.defs.warehouse.continuing import stamp
from tests.conftest import ROOT, Deployment, Finished

BARS = "daily_bars.parquet"
MORE = "continues the last build"
ANEW = "built from landing"


@pytest.fixture
def yesterday(fresh: Deployment) -> Deployment:
    """A deployment that has run without the last recorded session, which has come since."""
    bars = pq.read_table(fresh.recorded_dir / BARS)
    last = pc.max(bars["session_date"])
    pq.write_table(bars.filter(pc.less(bars["session_date"], last)), fresh.recorded_dir / BARS)
    finished = fresh.run()
    assert finished.code == 0, finished.output
    (fresh.recorded_dir / BARS).write_bytes((ROOT / "data" / "recorded" / BARS).read_bytes())
    return fresh


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
    assert ANEW in _ran(yesterday).output
    assert "already holds this content" in _ran(yesterday, "run", "--full").output


def test_a_shortened_warehouse_is_not_opened(yesterday: Deployment) -> None:
    path: Path = yesterday.data_dir / "warehouse.duckdb"
    os.truncate(path, path.stat().st_size // 2)
    output = _ran(yesterday).output
    assert f"{ANEW}: the file is not the one that the last build left" in output
