"""Publishing: from a built warehouse to what readers see, in one order of steps.

Belongs here: that order, and what a person reads when it fails. Does not belong here: SQL
(`contents`, `copying`), folders and links (`versions`), when it may happen (`assets`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing import contents, copying, versions
from orchestration.defs.publishing.publication import (
    CURRENT,
    Facts,
    Publication,
    PublicationError,
    current,
    write_manifest,
)

if TYPE_CHECKING:
    import duckdb

# Files made from the marts: from a connection (see `contents.reading`) to path and content of each.
Attachment = Callable[["duckdb.DuckDBPyConnection"], Iterator[tuple[str, bytes]]]


def publish(
    warehouse: Path,
    published: Path,
    tables: Sequence[str] | None,
    facts: Facts,
    attachments: Sequence[Attachment] = (),
) -> Publication:
    """Publish the marts as a new version, unless the current one already holds this content.

    The caller holds the warehouse lock. Until the last step readers see the old version; if any
    step fails they go on seeing it.

    Args:
        warehouse: a built warehouse that no writer has open.
        published: the folder of `versions/`, `current` and `current.duckdb`.
        tables: names in schema `marts`; all of it when None.
        facts: what the manifest says about the build.
        attachments: what makes the files beside the tables; each gives the same when asked again.

    Returns:
        The current publication; `is_new` says whether this call made it.

    Raises:
        PublicationError: the warehouse cannot be read, or the disk refuses. Names the place, what
            is free there and about how much is needed.
    """
    import duckdb

    try:
        versions.sweep(published)
        with contents.reading(warehouse) as connection:
            marts = contents.describe(connection, tables)
            digest = contents.content_hash(marts, _files(connection, attachments))
            before = _readable(published)
            if before is not None and before.content_hash == digest:
                # A publisher may have died after its flip: finish what it left.
                versions.flip(published, before.version)
                versions.retain(published)
                return before
            now = datetime.now(UTC)
            publication = Publication(
                version=f"{now.strftime('%Y%m%dT%H%M%S%fZ')}-{digest[:12]}",
                folder=published,
                content_hash=digest,
                published_at=now.isoformat(timespec="seconds"),
                facts=facts,
                tables={name: mart.table for name, mart in marts.items()},
            )
            folder = versions.begin(published)
            try:
                copying.copy(connection, marts, publication, folder)
                copying.attach(_files(connection, attachments), folder)
                write_manifest(publication, folder)
                final = versions.install(folder, publication.version)
            except BaseException:
                versions.discard(folder)
                raise
        versions.flip(published, publication.version)
        versions.retain(published)
    except (OSError, duckdb.Error) as error:
        raise PublicationError(_refused(warehouse, published, error)) from error
    return replace(publication, folder=final, is_new=True)


def _files(
    connection: duckdb.DuckDBPyConnection, attachments: Sequence[Attachment]
) -> Iterator[tuple[str, bytes]]:
    """Yield what all attachments make, without holding it: there may be many articles."""
    for attachment in attachments:
        yield from attachment(connection)


def _readable(published: Path) -> Publication | None:
    """Return the current publication, or None when there is none that a reader could use."""
    try:
        publication = current(published)
    except PublicationError:
        return None
    return publication if publication is not None and publication.database.exists() else None


def _refused(warehouse: Path, published: Path, error: Exception) -> str:
    place = next(folder for folder in (published, *published.parents) if folder.exists())
    sizes = [versions.size(published / CURRENT)] if (published / CURRENT).exists() else []
    sizes += [warehouse.stat().st_size] if warehouse.exists() else []
    megabyte = 1_000_000
    return (
        f"no publication could be written in {published}: {error}. About "
        f"{max(sizes, default=0) / megabyte:.1f} MB are needed there and "
        f"{shutil.disk_usage(place).free / megabyte:.1f} MB are free. Readers keep the previous "
        "publication. Make room or mend the place, then start the run again."
    )
