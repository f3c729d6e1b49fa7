"""The folders and links of a publication, and the order in which they change.

Belongs here: temporary folder, sync, rename, flip, sweep and retention. Does not belong here:
what lies in a version. All of it is called by one publisher at a time, which holds the warehouse
lock, so whatever is found half done belongs to a publisher that died.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from orchestration.defs.publishing.publication import CURRENT, CURRENT_DATABASE, DATABASE

VERSIONS = "versions"
KEPT = 3
_TEMPORARY = ".tmp-"


def sweep(published: Path) -> list[Path]:
    """Remove what a dead publisher left, and return it.

    A write-ahead log beside a version goes too. No publisher makes one, and DuckDB would replay
    it into every reader's view even when it belongs to another file.
    """
    leftovers = [
        *(published / VERSIONS).glob(f"{_TEMPORARY}*"),
        *(published / VERSIONS).glob(f"*/{DATABASE}.wal"),
        *published.glob(f"{_TEMPORARY}*"),
    ]
    for leftover in leftovers:
        _remove(leftover)
    return leftovers


def begin(published: Path) -> Path:
    """Return a new, empty folder in which a version is built out of readers' sight."""
    (published / VERSIONS).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=published / VERSIONS))
    folder.chmod(0o755)
    return folder


def discard(folder: Path) -> None:
    """Remove a folder that `begin` made."""
    _remove(folder)


def install(folder: Path, version: str) -> Path:
    """Make a built folder a version: files read-only and on disk, then one rename.

    Returns:
        The version's folder; no link points to it yet.
    """
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            (Path(parent) / name).chmod(0o444)
            _sync(Path(parent) / name)
        _sync(Path(parent))
    final = folder.with_name(version)
    folder.rename(final)
    _sync(final.parent)
    return final


def flip(published: Path, version: str) -> None:
    """Point the links at a version. A reader sees the old one or the new one, never neither."""
    link(published / CURRENT, Path(VERSIONS) / version)
    # A process that opens this path again gets the new file: DuckDB resolves both links.
    link(published / CURRENT_DATABASE, Path(CURRENT) / DATABASE)
    _sync(published)


def whole(published: Path) -> list[str]:
    """Return the names of the versions, oldest first; what a dead publisher left is none."""
    return sorted(
        entry.name
        for entry in (published / VERSIONS).iterdir()
        if not entry.name.startswith(_TEMPORARY)
    )


def retain(published: Path, kept: int = KEPT) -> list[str]:
    """Remove all but the newest versions and the current one; return the names removed.

    A reader that has a removed file open keeps its view: the file lives until it is closed.
    """
    names = whole(published)
    spared = {*names[-kept:], (published / CURRENT).resolve().name}
    removed = [name for name in names if name not in spared]
    for name in removed:
        # Renamed first: a half-removed version must never look like one.
        doomed = published / VERSIONS / f"{_TEMPORARY}{name}"
        (published / VERSIONS / name).rename(doomed)
        _remove(doomed)
    return removed


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(
        (Path(parent) / name).stat().st_size
        for parent, _, names in os.walk(folder)
        for name in names
    )


def link(place: Path, target: Path) -> None:
    """Point one link at a target in one step, whether or not it was there."""
    if place.is_symlink() and place.readlink() == target:
        return
    temporary = place.with_name(f"{_TEMPORARY}{place.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(place)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
