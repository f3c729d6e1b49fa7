"""The tables of a publication: read from the warehouse, compared, copied, proven.

Belongs here: every SQL statement that publication needs. Does not belong here: folders and links
(`versions`) and the order of steps (`publish`). Nothing is computed from the marts here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.publication import (
    DATABASE,
    PARQUET,
    Publication,
    PublicationError,
    Table,
)

if TYPE_CHECKING:
    import duckdb

SCHEMA = "marts"
META = "publish_meta"

# Column, type and comment, in the mart's own order.
Columns = tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True)
class Mart:
    """One table of the warehouse: its shape, its comment and what it holds."""

    columns: Columns
    comment: str | None
    table: Table


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse read-only as `warehouse`.

    Raises:
        PublicationError: it is missing, damaged or still open for writing.
    """
    import duckdb

    if not warehouse.exists():
        raise PublicationError(f"{warehouse} is missing: build the warehouse first")
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        try:
            connection.execute(f"attach {_text(warehouse)} as warehouse (read_only)")
        except duckdb.Error as error:
            raise PublicationError(f"{warehouse} cannot be read: {error}") from error
        yield connection


def describe(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str] | None
) -> dict[str, Mart]:
    """Return the marts to publish, by name, sorted.

    Args:
        connection: from `reading`.
        tables: names in schema `marts`; all of it when None.

    Raises:
        PublicationError: a table is missing, or there is none.
    """
    found: dict[str, list[tuple[str, str, str | None]]] = {}
    for name, column, kind, comment in connection.execute(
        """
        select table_name, column_name, data_type, comment
        from duckdb_columns()
        where database_name = 'warehouse' and schema_name = ? and not internal
        order by table_name, column_index
        """,
        [SCHEMA],
    ).fetchall():
        found.setdefault(name, []).append((column, kind, comment))
    names = sorted(found if tables is None else tables)
    missing = [name for name in names if name not in found]
    if missing or not names or META in names:
        raise PublicationError(
            f"schema {SCHEMA} of the warehouse holds {', '.join(sorted(found)) or 'nothing'}; "
            f"missing: {', '.join(missing) or 'every mart'}. Build the whole warehouse first."
            if META not in names
            else f"{META} is the publication's own table: give the mart another name"
        )
    comments: dict[str, str | None] = dict(
        connection.execute(
            """
            select table_name, comment from duckdb_tables()
            where database_name = 'warehouse' and schema_name = $1
            union all
            select view_name, comment from duckdb_views()
            where database_name = 'warehouse' and schema_name = $1
            """,
            [SCHEMA],
        ).fetchall()
    )
    return {
        name: Mart(
            columns=tuple(found[name]),
            comment=comments[name],
            table=_checksum(connection, f"warehouse.{SCHEMA}.{_name(name)}", tuple(found[name])),
        )
        for name in names
    }


def content_hash(marts: dict[str, Mart]) -> str:
    """Return a SHA-256 over names, columns, types, comments and rows, whatever their order."""
    shape = [
        [name, mart.columns, mart.comment, mart.table.rows, mart.table.checksum]
        for name, mart in sorted(marts.items())
    ]
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()


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
    connection.execute(f"set temp_directory = {_text(folder.with_name(folder.name + '-spill'))}")
    connection.execute(f"attach {_text(database)} as publication")
    for name, mart in marts.items():
        target = f"publication.main.{_name(name)}"
        # Sorted once, here: the same rows give the same Parquet bytes.
        connection.execute(
            f"create table {target} as from warehouse.{SCHEMA}.{_name(name)} order by all"
        )
        if mart.comment is not None:
            connection.execute(f"comment on table {target} is {_text(mart.comment)}")
        for column, _, comment in mart.columns:
            if comment is not None:
                connection.execute(
                    f"comment on column {target}.{_name(column)} is {_text(comment)}"
                )
        connection.execute(
            f"copy {target} to {_text(folder / PARQUET / f'{name}.parquet')} "
            "(format parquet, compression zstd)"
        )
    _write_meta(connection, publication)
    connection.execute("checkpoint publication")
    connection.execute("detach publication")
    _prove(connection, marts, database)


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
    connection.execute(
        f"""
        create table publication.main.{META} (
            version varchar, published_at timestamptz, content_hash varchar, inputs varchar,
            run_id varchar, code_revision varchar,
            item varchar, name varchar, row_count bigint, checksum varchar, data_as_of date
        )
        """
    )
    connection.executemany(
        f"insert into publication.main.{META} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own word
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
    connection.execute(f"attach {_text(database)} as finished (read_only)")
    for name, mart in marts.items():
        written = _checksum(connection, f"finished.main.{_name(name)}", mart.columns)
        if written != mart.table:
            raise PublicationError(
                f"{database}: table {name} holds {written} where the warehouse holds {mart.table}"
            )
    connection.execute("detach finished")


def _checksum(connection: duckdb.DuckDBPyConnection, relation: str, columns: Columns) -> Table:
    """Count and sum a hash of each row, twice with different seeds: one pass, no sort.

    `hash` is DuckDB's own, about twenty times as fast as a digest of the row's text. It may
    change between DuckDB releases; that makes one new version of unchanged content, no more.
    """
    names = ", ".join(_name(column) for column, _, _ in columns)
    row = connection.execute(
        f"""
        select
            count(*),
            coalesce(sum(hash({names})), 0) % 18446744073709551616,
            coalesce(sum(hash('second', {names})), 0) % 18446744073709551616
        from {relation}
        """  # noqa: S608 - names come quoted from the catalog
    ).fetchone()
    if row is None:
        raise PublicationError(f"{relation} gave no row count")
    return Table(rows=int(row[0]), checksum=f"{int(row[1]):016x}{int(row[2]):016x}")


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str | Path) -> str:
    return "'" + str(value).replace("'", "''") + "'"
