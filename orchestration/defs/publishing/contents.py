"""What the marts hold: their shape, their rows, and one hash over all of it.

Belongs here: reading the warehouse to compare it with what is published. Does not belong here:
writing a publication (`copying`). Nothing is computed from the marts here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.publication import PublicationError, Table

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
            connection.execute(f"attach {literal(warehouse)} as warehouse (read_only)")
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
            table=checksum(
                connection, f"warehouse.{SCHEMA}.{identifier(name)}", tuple(found[name])
            ),
        )
        for name in names
    }


def content_hash(marts: dict[str, Mart], files: Iterable[tuple[str, bytes]] = ()) -> str:
    """Return a SHA-256 over names, columns, types, comments and rows, whatever their order.

    Args:
        marts: from `describe`.
        files: path and content of what is published beside them, in a fixed order.
    """
    shape = [
        [name, mart.columns, mart.comment, mart.table.rows, mart.table.checksum]
        for name, mart in sorted(marts.items())
    ]
    digest = hashlib.sha256(json.dumps(shape).encode())
    for path, content in files:
        digest.update(f"\n{path} {hashlib.sha256(content).hexdigest()}".encode())
    return digest.hexdigest()


def checksum(connection: duckdb.DuckDBPyConnection, relation: str, columns: Columns) -> Table:
    """Count and sum a hash of each row, twice with different seeds: one pass, no sort.

    `hash` is DuckDB's own, about twenty times as fast as a digest of the row's text. It may
    change between DuckDB releases; that makes one new version of unchanged content, no more.
    """
    names = ", ".join(identifier(column) for column, _, _ in columns)
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


def identifier(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | Path) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"
