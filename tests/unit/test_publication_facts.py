"""What a publication says about itself: the code's revision and the last session by exchange."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestration.defs.publishing import facts
from orchestration.defs.publishing.facts import UNVERSIONED, code_revision, data_as_of


def git(repository: Path, *arguments: str) -> str:
    author = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    return subprocess.run(
        ["git", "-C", str(repository), *author, *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_the_revision_is_the_commit_and_says_when_files_differ(tmp_path: Path) -> None:
    assert code_revision(tmp_path) == UNVERSIONED
    git(tmp_path, "init", "--quiet")
    assert code_revision(tmp_path) == UNVERSIONED
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert code_revision(tmp_path) == commit[:12]
    (tmp_path / "file").write_text("two")
    assert code_revision(tmp_path) == f"{commit[:12]}-dirty"


def test_a_machine_without_git_publishes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts.shutil, "which", lambda name: None)
    assert code_revision() == UNVERSIONED


def test_data_as_of_is_the_last_session_with_a_close(tmp_path: Path) -> None:
    import duckdb

    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create schema marts; create table marts.daily_returns as from (values "
            "('XNYS', date '2025-01-24', 142.62), ('XNYS', date '2025-01-27', 118.42), "
            "('XNYS', date '2025-01-28', null), ('XETR', date '2025-01-24', 60.36), "
            "('XTKS', date '2025-01-27', null)) as bars(mic, session_date, close)"
        )
    assert data_as_of(warehouse) == {"XETR": "2025-01-24", "XNYS": "2025-01-27"}
