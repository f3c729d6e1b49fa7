"""What one publication is, and which one is current.

Belongs here: the manifest, written and read. Does not belong here: how a publication is made
(`publish`), its tables (`contents`), its folders and links (`versions`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

DATABASE = "marts.duckdb"
PARQUET = "parquet"
MANIFEST = "manifest.json"
CURRENT = "current"
CURRENT_DATABASE = "current.duckdb"


class PublicationError(RuntimeError):
    """A publication cannot be made or read. The message names the place and the mend."""


@dataclass(frozen=True)
class Facts:
    """What a publication says about its build; none of it enters the content hash.

    Attributes:
        inputs: fingerprint of what the marts were built from.
        run_id: the run that publishes.
        code_revision: of the repository.
        data_as_of: last session (ISO day) by exchange (MIC).
    """

    inputs: str
    run_id: str
    code_revision: str
    data_as_of: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One published table: its rows and a checksum over them that ignores their order."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Publication:
    """One immutable version of the marts.

    Attributes:
        version: `<UTC time>-<first 12 of content_hash>`, also the folder's name.
        folder: where it lies.
        content_hash: over names, columns, types, comments and rows of all tables.
        published_at: ISO time, UTC.
        facts: what was known of its build.
        tables: by name, sorted.
        is_new: whether `publish` made it just now; not kept.
    """

    version: str
    folder: Path
    content_hash: str
    published_at: str
    facts: Facts
    tables: Mapping[str, Table]
    is_new: bool = False

    @property
    def inputs(self) -> str:
        """Fingerprint of what it was built from."""
        return self.facts.inputs

    @property
    def database(self) -> Path:
        """The read-only DuckDB file; its tables are in schema `main`."""
        return self.folder / DATABASE


def current(published: Path) -> Publication | None:
    """Return the publication that readers see, or None before the first one.

    Args:
        published: the folder that holds `versions/` and the links.

    Raises:
        PublicationError: the current version's manifest is damaged.
    """
    folder = published / CURRENT
    if not folder.is_symlink() or not folder.exists():
        return None
    return read_manifest(folder.resolve())


def write_manifest(publication: Publication, folder: Path) -> None:
    """Write the manifest of a publication into `folder`."""
    content = {
        "version": publication.version,
        "content_hash": publication.content_hash,
        "published_at": publication.published_at,
        **asdict(publication.facts),
        "tables": {name: asdict(table) for name, table in publication.tables.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n")


def read_manifest(folder: Path) -> Publication:
    """Return the publication that a version folder holds.

    Raises:
        PublicationError: the manifest is missing or damaged.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text())
        return Publication(
            version=content["version"],
            folder=folder,
            content_hash=content["content_hash"],
            published_at=content["published_at"],
            facts=Facts(
                **{key: content[key] for key in ("inputs", "run_id", "code_revision", "data_as_of")}
            ),
            tables={name: Table(**table) for name, table in content["tables"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublicationError(
            f"{folder / MANIFEST} cannot be read ({error}): the next publication replaces it"
        ) from error
