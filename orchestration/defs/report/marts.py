"""Reading a publication for the report.

Belongs here: the connection, and rows as dictionaries. Does not belong here: what a page shows
(`overview`, `event_page`, `article_page`, `quality_page`). A query may select, join, count, rank
and order what the marts hold, and scale what is only drawn; any other number is a column of a mart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.defs.publishing.publication import Publication

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """The rows of an answer that a page shows, and how many there are."""

    rows: list[Row]
    total: int


class Marts:
    """The tables of one publication, read-only."""

    def __init__(self, publication: Publication, connection: duckdb.DuckDBPyConnection) -> None:
        self.publication = publication
        self._connection = connection

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Return the answer, a dictionary for each row."""
        named = parameters[0] if parameters and isinstance(parameters[0], dict) else None
        cursor = self._connection.execute(sql, named or list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def first(self, most: int, sql: str, *parameters: Any) -> Shown:
        """Return the first rows of an ordered answer, at most `most`."""
        rows = self.rows(f"{sql} limit {most}", *parameters)
        if len(rows) < most:
            return Shown(rows, len(rows))
        # our own query, its parameters still bound
        (total,) = self.rows(f"select count(*) as rows from ({sql})", *parameters)  # noqa: S608
        return Shown(rows, total["rows"])


@contextmanager
def open_marts(publication: Publication) -> Iterator[Marts]:
    """Open a publication as any reader does.

    Raises:
        duckdb.Error: the file is missing or damaged.
    """
    import duckdb

    with duckdb.connect(str(publication.database), read_only=True) as connection:
        yield Marts(publication, connection)
