"""Landed price files that are no longer whole, and what is owed for them.

Belongs here: moving them aside and remembering that their rows must be fetched again. Does not
belong here: how a damaged file is recognised (`orchestration.landing`).

A lost file may have held bars older than what is left, which no watermark would ever ask for
again. So a set-aside file is a debt, and everything is asked for until a fetch has paid it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from orchestration.landing import set_aside_damaged

_PAID = ".replaced"


def set_aside(folders: Sequence[Path], quarantine: Path, warn: Callable[[str], None]) -> list[Path]:
    """Move damaged files out of the landing folders, name each, and return their new places."""
    moved = [path for folder in folders for path in set_aside_damaged(folder, quarantine)]
    for path in moved:
        warn(f"damaged landed file set aside, its rows will be fetched again: {path}")
    return moved


def owed(folders: Sequence[Path], quarantine: Path, provider: str) -> list[Path]:
    """Return the set-aside files of a provider whose rows have not been fetched again."""
    return sorted(
        path
        for folder in folders
        for path in quarantine.glob(f"{folder.name}-*-{provider}-*.parquet")
    )


def mark_paid(files: Sequence[Path]) -> None:
    """Remember that the rows of these files have been fetched again. The files are kept."""
    for path in files:
        path.rename(path.with_name(path.name + _PAID))
