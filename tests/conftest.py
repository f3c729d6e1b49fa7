"""Fixtures that every lane shares: a data directory, the scheduled job run on it, its marts.

The job runs as a user runs it, in a process of its own, once for the whole session; a test that
changes anything works on a copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    output: str


@dataclass(frozen=True)
class Deployment:
    """A data directory of its own, with the reference and recorded files it is run on."""

    data_dir: Path
    reference_dir: Path
    recorded_dir: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment that a process of this deployment sees."""
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("AFTERSHOCK_", "DBT_"))
        }
        return inherited | {
            "AFTERSHOCK_DATA_DIR": str(self.data_dir),
            "AFTERSHOCK_REFERENCE_DIR": str(self.reference_dir),
            "AFTERSHOCK_RECORDED_DIR": str(self.recorded_dir),
            "DAGSTER_HOME": str(self.data_dir / "dagster_home"),
        }

    def command(self, *arguments: str) -> list[str]:
        """The command line of `python -m orchestration`."""
        return [sys.executable, "-m", "orchestration", *arguments]

    def run(self, *arguments: str, **extra: str) -> Finished:
        """Run a verb to its end; `extra` is added to the environment."""
        done = subprocess.run(
            self.command(*(arguments or ("run",))),
            cwd=ROOT,
            env=self.environment | extra,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the current publication, as a reader does."""
        import duckdb

        current = (self.data_dir / "published" / "current.duckdb").resolve()
        with duckdb.connect(str(current), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def published_files(self) -> Mapping[str, bytes]:
        """Every published file by its path below `published/`, links by where they lead."""
        published = self.data_dir / "published"
        return {
            str(path.relative_to(published)): (
                os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            )
            for path in sorted(published.rglob("*"))
            if path.is_symlink() or path.is_file()
        }


def _deployment(folder: Path) -> Deployment:
    reference, recorded = folder / "reference", folder / "recorded"
    shutil.copytree(ROOT / "data" / "reference", reference)
    shutil.copytree(ROOT / "data" / "recorded", recorded)
    return Deployment(folder / "data", reference, recorded)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Deployment, Finished]:
    """The scheduled job, run once on the repository's own data. Do not change it: `deployment`."""
    deployment = _deployment(tmp_path_factory.mktemp("first_run"))
    finished = deployment.run()
    assert finished.code == 0, finished.output
    return deployment, finished


@pytest.fixture(scope="session")
def built_marts(first_run: tuple[Deployment, Finished]) -> Path:
    """The published DuckDB file of the first run; tables in schema `main`."""
    return (first_run[0].data_dir / "published" / "current.duckdb").resolve()


@pytest.fixture
def fresh(tmp_path: Path) -> Deployment:
    """A deployment on which nothing has run."""
    return _deployment(tmp_path)


@pytest.fixture
def deployment(first_run: tuple[Deployment, Finished], tmp_path: Path) -> Deployment:
    """A copy of the first run's deployment, to change and to run again."""
    source = first_run[0].data_dir.parent
    for name in ("data", "reference", "recorded"):
        shutil.copytree(source / name, tmp_path / name, symlinks=True)
    return Deployment(tmp_path / "data", tmp_path / "reference", tmp_path / "recorded")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text that stands exactly once in a file; anything else is a broken test."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
