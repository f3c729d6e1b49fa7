"""The publication in PostgreSQL, for tools that speak to a server.

Belongs here: loading a published version into a schema of its own and swapping it in. Does not
belong here: when it happens (`defs.publishing.postgres_assets`), and what the marts hold. It is not
in that folder because every module there is imported with the definitions, and the driver is not
needed for those.

Two transactions and a sweep. The first fills schema `aftershock_next`, which nobody reads. The
second renames it to `aftershock` and the one before to `aftershock_old_<time>`: a rename waits for
no reader, and a query that runs keeps its tables. The sweep drops old ones; one that a reader holds
for longer than the lock timeout stays until the next publication. A death between any two is healed
by doing it again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from orchestration.defs.publishing.contents import META, identifier, literal
from orchestration.defs.publishing.publication import Publication, PublicationError

if TYPE_CHECKING:
    import duckdb

_TYPES = {
    "VARCHAR": "text",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_CHUNK_BYTES = 1 << 20

SCHEMA = "aftershock"
_NEXT, _OLD = f"{SCHEMA}_next", f"{SCHEMA}_old_"

Connection = psycopg.Connection[tuple[object, ...]]


def publish_to_postgres(publication: Publication, url: str, lock_timeout_seconds: float) -> bool:
    """Make schema `aftershock` of a PostgreSQL database hold a publication.

    Args:
        publication: the current one.
        url: of the database, with a role that may create schemas in it.
        lock_timeout_seconds: how long to wait for a lock that a reader holds.

    Returns:
        Whether it was loaded; False when the schema held this version already.

    Raises:
        PublicationError: the server cannot be reached or refuses; readers keep what they had. The
            message holds no password.
    """
    import duckdb

    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as server:
            server.execute(
                "select set_config('lock_timeout', %s, false)",
                [f"{round(1000 * lock_timeout_seconds)}ms"],
            )
            is_new = _version(server) != publication.version
            if is_new:
                with (
                    server.transaction(),
                    duckdb.connect(str(publication.database), read_only=True) as marts,
                ):
                    _drop(server, _NEXT)
                    server.execute(sql.SQL("create schema {}").format(sql.Identifier(_NEXT)))
                    for table in [*publication.tables, META]:
                        _load(marts, server, table)
                _swap(server)
            _sweep(server)
    except (psycopg.Error, duckdb.Error, OSError) as error:
        # from None: the library's error may hold the address with its password
        raise PublicationError(
            f"the marts could not be published to PostgreSQL: {_without_secret(error, url)}. "
            "Readers keep the version before. Mend the server or AFTERSHOCK_POSTGRES_URL and run "
            "again."
        ) from None
    return is_new


def _swap(server: Connection) -> None:
    """Give the loaded schema the readers' name and the readers' rights, in one transaction."""
    old = f"{_OLD}{time.time_ns()}"
    with server.transaction():
        _grant(server, _NEXT, _readers(server))
        held = server.execute("select 1 from pg_namespace where nspname = %s", [SCHEMA]).fetchone()
        if held is not None:
            _rename(server, SCHEMA, old)
        _rename(server, _NEXT, SCHEMA)


def _sweep(server: Connection) -> None:
    """Drop what earlier swaps left, as far as no reader holds it."""
    left = server.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s)", [_OLD]
    ).fetchall()
    for (name,) in left:
        # what a reader still holds is dropped the next time
        with suppress(psycopg.errors.LockNotAvailable):
            _drop(server, str(name))


def _version(server: Connection) -> str | None:
    """Return the version that readers see, or None before the first."""
    found = server.execute("select to_regclass(%s)", [f"{SCHEMA}.{META}"]).fetchone()
    if found is None or found[0] is None:
        return None
    held = server.execute(f"select min(version) from {SCHEMA}.{META}").fetchone()  # noqa: S608 - our own words
    return None if held is None else str(held[0])


def _load(marts: duckdb.DuckDBPyConnection, server: Connection, table: str) -> None:
    """Copy one table with its comments, and prove the number of its rows."""
    columns = marts.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where table_name = ? order by column_index",
        [table],
    ).fetchall()
    target = sql.Identifier(_NEXT, table)
    server.execute(
        sql.SQL("create table {} ({})").format(
            target,
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(_type(table, name, kind)))
                for name, kind, _ in columns
            ),
        )
    )
    for name, _, comment in columns:
        if comment is not None:
            server.execute(
                sql.SQL("comment on column {} is {}").format(
                    sql.Identifier(_NEXT, table, name), sql.Literal(comment)
                )
            )
    with tempfile.TemporaryDirectory(prefix="aftershock-") as folder:
        file = Path(folder) / "rows.csv"
        # An empty text is quoted and a null is not: PostgreSQL reads both as they were.
        marts.execute(f"copy {identifier(table)} to {literal(file)} (format csv, header false)")
        with (
            file.open("rb") as rows,
            server.cursor() as cursor,
            cursor.copy(sql.SQL("copy {} from stdin (format csv)").format(target)) as copy,
        ):
            while chunk := rows.read(_CHUNK_BYTES):
                copy.write(chunk)
    expected = marts.execute(f"select count(*) from {identifier(table)}").fetchone()  # noqa: S608 - quoted
    loaded = server.execute(sql.SQL("select count(*) from {}").format(target)).fetchone()
    if loaded != expected:
        raise PublicationError(f"PostgreSQL took {loaded} of {expected} rows of {table}")


def _type(table: str, column: str, kind: str) -> str:
    if kind not in _TYPES:
        raise PublicationError(
            f"{table}.{column} is of type {kind}, which has no type in PostgreSQL here: "
            f"give the mart one of {', '.join(_TYPES)}"
        )
    return _TYPES[kind]


def _readers(server: Connection) -> list[str]:
    """Return the roles that may use the schema now, so that a swap takes it from nobody."""
    rows = server.execute(
        """
        select distinct coalesce(pg_roles.rolname, 'public')
        from pg_namespace, aclexplode(pg_namespace.nspacl) as granted
        left join pg_roles on pg_roles.oid = granted.grantee
        where nspname = %s and granted.privilege_type = 'USAGE' and granted.grantee <> nspowner
        """,
        [SCHEMA],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _grant(server: Connection, schema: str, roles: Sequence[str]) -> None:
    for role in roles:
        grantee = sql.SQL("public") if role == "public" else sql.Identifier(role)
        for statement in (
            "grant usage on schema {} to {}",
            "grant select on all tables in schema {} to {}",
        ):
            server.execute(sql.SQL(statement).format(sql.Identifier(schema), grantee))


def _rename(server: Connection, schema: str, name: str) -> None:
    server.execute(
        sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(name))
    )


def _drop(server: Connection, schema: str) -> None:
    server.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def _without_secret(error: Exception, url: str) -> str:
    """Return an error's words on one line, without the address that holds the password."""
    words = " ".join(str(error).split()).replace(url, "AFTERSHOCK_POSTGRES_URL")
    password = psycopg.conninfo.conninfo_to_dict(url).get("password")
    return words.replace(str(password), "***") if password else words
