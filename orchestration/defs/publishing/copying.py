"""Writing a publication's database and files, and proving the copy.

Belongs here: the SQL that writes, and the files beside it. Does not belong here: what the marts
hold (`contents`), folders and links (`versions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.contents import (
    META,
    SCHEMA,
    Mart,
    checksum,
    identifier,
    literal,
)
from orchestration.defs.publishing.publication import (
    DATABASE,
    PARQUET,
    Publication,
    PublicationError,
)

if TYPE_CHECKING:
    import duckdb


_META_COLUMNS = {
    "version": ("varchar", "Time of the publication and the first digits of its content hash."),
    "published_at": ("timestamptz", "When it was published."),
    "content_hash": ("varchar", "SHA-256 over names, columns, comments and rows of all marts."),
    "inputs": ("varchar", "Fingerprint of the landed files and the code that it was built from."),
    "run_id": ("varchar", "The Dagster run that published it."),
    "code_revision": ("varchar", "Revision of the repository."),
    "item": ("varchar", "What the row is about: table or exchange."),
    "name": ("varchar", "Name of the table, or the exchange's market identifier code."),
    "row_count": ("bigint", "Rows of the table; null for an exchange."),
    "checksum": ("varchar", "Over the table's rows, in any order; null for an exchange."),
    "data_as_of": ("date", "Last session of the exchange with a price; null for a table."),
}


def copy(
    connection: duckdb.DuckDBPyConnection,
    marts: dict[str, Mart],
    publication: Publication,
    folder: Path,
) -> None:
    """Write the database and the Parquet files of a publication into `folder`.

    Raises:
        duckdb.Error: the disk refuses, or the warehouse cannot be read.
        PublicationError: the copy differs from the warehouse.
    """
    database = folder / DATABASE
    (folder / PARQUET).mkdir()
    connection.execute(f"set temp_directory = {literal(folder.with_name(folder.name + '-spill'))}")
    connection.execute(f"attach {literal(database)} as publication")
    for name, mart in marts.items():
        target = f"publication.main.{identifier(name)}"
        # Sorted once, here: the same rows give the same Parquet bytes.
        connection.execute(
            f"create table {target} as from warehouse.{SCHEMA}.{identifier(name)} order by all"
        )
        if mart.comment is not None:
            connection.execute(f"comment on table {target} is {literal(mart.comment)}")
        for column, _, comment in mart.columns:
            if comment is not None:
                connection.execute(
                    f"comment on column {target}.{identifier(column)} is {literal(comment)}"
                )
        connection.execute(
            f"copy {target} to {literal(folder / PARQUET / f'{name}.parquet')} "
            "(format parquet, compression zstd)"
        )
    _write_meta(connection, publication)
    connection.execute("checkpoint publication")
    connection.execute("detach publication")
    _prove(connection, marts, database)


def attach(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files into a publication that is being made.

    Args:
        files: path below `folder` and content of each.
        folder: the publication's.

    Raises:
        OSError: the disk refuses.
        PublicationError: a path leads out of the folder, or is taken.
    """
    for path, content in files:
        target = (folder / path).resolve()
        if not target.is_relative_to(folder.resolve()) or target.exists():
            raise PublicationError(f"{path} cannot be a file of the publication in {folder}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _write_meta(connection: duckdb.DuckDBPyConnection, publication: Publication) -> None:
    """One row for each published table and each exchange, so that any BI tool can filter it."""
    facts = publication.facts
    head = [
        publication.version,
        publication.published_at,
        publication.content_hash,
        facts.inputs,
        facts.run_id,
        facts.code_revision,
    ]
    target = f"publication.main.{META}"
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in _META_COLUMNS.items())
    connection.execute(f"create table {target} ({columns})")
    connection.execute(f"comment on table {target} is 'A row for each table and each exchange.'")
    for name, (_, comment) in _META_COLUMNS.items():
        connection.execute(f"comment on column {target}.{name} is {literal(comment)}")
    connection.executemany(
        f"insert into {target} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own word
        [
            *(
                [*head, "table", name, table.rows, table.checksum, None]
                for name, table in publication.tables.items()
            ),
            *(
                [*head, "exchange", mic, None, None, day]
                for mic, day in sorted(facts.data_as_of.items())
            ),
        ],
    )


def _prove(connection: duckdb.DuckDBPyConnection, marts: dict[str, Mart], database: Path) -> None:
    """Read the finished file as a reader would and compare each table with the warehouse."""
    if database.with_name(f"{DATABASE}.wal").exists():
        raise PublicationError(f"{database} was closed with a write-ahead log left beside it")
    connection.execute(f"attach {literal(database)} as finished (read_only)")
    for name, mart in marts.items():
        written = checksum(connection, f"finished.main.{identifier(name)}", mart.columns)
        if written != mart.table:
            raise PublicationError(
                f"{database}: table {name} holds {written} where the warehouse holds {mart.table}"
            )
    connection.execute("detach finished")
