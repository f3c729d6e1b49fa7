"""The landing zone: immutable Parquet, one folder per source, one file per batch.

Belongs here: how a batch is named, stamped, written and found again. Does not belong here:
what the columns mean (the source's own module) and anything computed from them (dbt).

A file is `<fetched_at>-<provider>-<content hash>.parquet`. It is written under a temporary
name, synced and renamed, so a reader sees a whole file or none, and it is never edited.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_STAMP = "%Y%m%dT%H%M%S%fZ"


class LandingError(RuntimeError):
    """A landed file or batch cannot be used. The message names the file and the mend."""


def storable(name: Path | str) -> str:
    """Return a file's name as text that can be stored, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def content_hash(table: pa.Table) -> str:
    """Return the first 16 hex digits of the SHA-256 of a table's columns, types and rows."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    plain = table.replace_schema_metadata(None).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return hashlib.sha256(sink.getvalue()).hexdigest()[:16]


def land(folder: Path, table: pa.Table, *, provider: str, fetched_at: datetime) -> Path:
    """Write one batch and return its file.

    Args:
        folder: the source's landing folder; made when absent.
        table: the batch, any number of rows.
        provider: who supplied it, `[a-z0-9_.]+`; also a column.
        fetched_at: when it was supplied, with a zone; also a column.

    Raises:
        LandingError: `fetched_at` has no zone, or the disk refuses; nothing of the batch is left
            behind.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if fetched_at.tzinfo is None:
        raise LandingError(f"{folder.name}: fetched_at {fetched_at} has no time zone")
    fetched_at = fetched_at.astimezone(UTC)
    digest = content_hash(table)
    stamped = table.append_column(
        "fetched_at", pa.array([fetched_at] * table.num_rows, pa.timestamp("us", "UTC"))
    ).append_column("provider", pa.array([provider] * table.num_rows, pa.string()))
    stamped = stamped.replace_schema_metadata({"content_hash": digest})
    final = folder / f"{fetched_at.strftime(_STAMP)}-{provider}-{digest}.parquet"
    temporary = folder / f".{final.name}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as handle:
                pq.write_table(stamped, handle, compression="zstd")
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(final)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_directory(folder)
    except OSError as error:
        raise LandingError(
            f"{table.num_rows} rows could not be written in {folder}: {error}. Make room or mend "
            "the place, then start the run again; nothing that had landed is touched."
        ) from error
    return final


def batches(folder: Path) -> Sequence[Path]:
    """Return the landed files of a source, oldest first."""
    return sorted(folder.glob("*.parquet")) if folder.is_dir() else []


def hash_of(batch: Path) -> str:
    """Return the content hash that a landed file's name carries."""
    return batch.stem.rsplit("-", 1)[1]


def fetched_at_of(batch: Path) -> datetime:
    """Return the moment that a landed file's name begins with."""
    return datetime.strptime(batch.name.split("-", 1)[0], _STAMP).replace(tzinfo=UTC)


def set_aside_damaged(folder: Path, quarantine: Path) -> list[Path]:
    """Move files that are not whole Parquet out of a landing folder; sweep dead temporary files.

    A file cut short by a crash or a bad disk would stop every later build. It is moved, not
    deleted; fetching again what it held is the source's own business.

    Returns:
        The files' new places, so that the caller can report each by name.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for leftover in folder.glob(".*.tmp") if folder.is_dir() else ():
        if not _is_alive(leftover.name.split(".")[-2]):
            leftover.unlink(missing_ok=True)
    moved = []
    for batch in batches(folder):
        try:
            pq.read_metadata(batch)
        except (pa.ArrowInvalid, OSError):
            quarantine.mkdir(parents=True, exist_ok=True)
            target = quarantine / f"{folder.name}-{batch.name}"
            batch.replace(target)
            moved.append(target)
    return moved


def _is_alive(pid: str) -> bool:
    """Tell whether the process that writes a temporary file still runs."""
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
