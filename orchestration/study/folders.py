"""Where a study works and where its results go, and what may be replaced there.

Belongs here: names, the mark of a results folder, and replacing it whole. Does not belong here:
what is written into it (`export`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.settings import Settings

MARK = "study.json"
MADE_BY = "aftershock study"


class FolderError(ValueError):
    """A folder cannot be used. The message names it and the mend."""


def workspace(settings: Settings, name: str) -> Path:
    """Return the data folder of a study: its own landing and warehouse, never the main ones.

    Raises:
        FolderError: the name cannot be a folder's.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise FolderError(f"NAME={name!r}: give 1 to 60 of a-z, 0-9 and hyphens")
    return settings.data_dir / "studies" / name


def name_from(events: Path) -> str:
    """Return a study's name from its events file."""
    return re.sub(r"[^a-z0-9]+", "-", events.stem.lower()).strip("-")[:60].strip("-") or "study"


def check_results(out: Path) -> None:
    """Check that results may go to `out`: nothing is there, or an earlier run's results alone.

    Raises:
        FolderError: it holds something that this command did not make.
    """
    mend = "name another OUT, or move it away"
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise FolderError(f"OUT={out}: is no folder; {mend}")
    found = {entry.name for entry in out.iterdir()}
    if not found:
        return
    try:
        mark = json.loads((out / MARK).read_text())
        ours = {MARK, *mark["files"]} if mark["made_by"] == MADE_BY else set()
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    if not ours:
        raise FolderError(f"OUT={out}: exists and is not the result of a study; {mend}")
    if others := sorted(found - ours):
        raise FolderError(f"OUT={out}: holds {others[0]!r}, which no study made; {mend}")


def clear(study: Path) -> None:
    """Remove what an earlier run of the study landed and built; dbt's parse cache may stay."""
    shutil.rmtree(study / "landing", ignore_errors=True)
    for leftover in study.glob("warehouse.duckdb*"):
        leftover.unlink()


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give an empty folder to write results into; at the end it takes the place of `out`, whole.

    When anything fails, `out` stays as it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (out.with_name(f".{out.name}.{os.getpid()}.{word}") for word in ("new", "old"))
    fresh.mkdir()
    try:
        yield fresh
        # again: a study takes a while, and what lies there now is about to go
        check_results(out)
        files = sorted(entry.name for entry in fresh.iterdir() if entry.name != MARK)
        mark = json.loads((fresh / MARK).read_text()) | {"made_by": MADE_BY, "files": files}
        (fresh / MARK).write_text(json.dumps(mark, indent=2) + "\n")
        if out.exists():
            out.rename(old)
        fresh.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
