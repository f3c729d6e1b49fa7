"""Fixtures that every lane shares: a data directory, the scheduled job run on it, its marts.

The job runs as a user runs it, in a process of its own, once for the whole session, however many
workers pytest has; a test that changes anything works on a copy.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARSED = "partial_parse.msgpack"


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
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first_run"
    folder.mkdir(exist_ok=True)
    said = folder / "output.txt"
    # a worker that comes second waits, and finds what the first has made
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if said.exists():
            deployment = Deployment(folder / "data", folder / "reference", folder / "recorded")
            return deployment, Finished(0, said.read_text(encoding="utf-8"))
        deployment = _deployment(folder)
        finished = deployment.run()
        assert finished.code == 0, finished.output
        said.write_text(finished.output, encoding="utf-8")
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
def place(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Path]:
    """A folder for data directories, at one path for all tests of a worker; then in `tmp_path`.

    dbt reads the whole project anew where the path of the warehouse is not that of the last time,
    so what it has read is kept for the next test, and nothing else.
    """
    folder = tmp_path_factory.getbasetemp() / "deployment"
    read = folder.with_name("parsed")
    read.mkdir(exist_ok=True)
    shutil.copytree(read, folder)
    yield folder
    for file in folder.glob(f"*/dbt_target/{PARSED}"):
        kept = read / file.relative_to(folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, kept)
    folder.rename(tmp_path / "deployment")


@pytest.fixture
def installed(first_run: tuple[Deployment, Finished], place: Path) -> Deployment:
    """A deployment whose manifest is made, and on which nothing else has run."""
    deployment = _deployment(place)
    target = deployment.data_dir / "dbt_target"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(first_run[0].data_dir / "dbt_target" / "manifest.json", target)
    return deployment


@pytest.fixture
def deployment(first_run: tuple[Deployment, Finished], place: Path) -> Deployment:
    """A copy of the first run's deployment, to change and to run again."""
    source, but = first_run[0].data_dir.parent, shutil.ignore_patterns(PARSED)
    for name in ("data", "reference", "recorded"):
        shutil.copytree(source / name, place / name, symlinks=True, ignore=but, dirs_exist_ok=True)
    return Deployment(place / "data", place / "reference", place / "recorded")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text that stands exactly once in a file; anything else is a broken test."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
