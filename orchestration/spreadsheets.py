"""Tables as CSV for people who open them in a spreadsheet.

Belongs here: how a table is written so that no cell is taken for a formula, and the export of the
published marts. Does not belong here: Parquet, which programs read and which needs no such care.

A spreadsheet runs a cell that begins with one of `= + - @`, a tab or a carriage return, and texts
come from outside. Such a text gets an apostrophe in front, which a spreadsheet shows as text
(https://owasp.org/www-community/attacks/CSV_Injection). Numbers, dates and truth values are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.contents import identifier, literal
from orchestration.defs.publishing.publication import PublicationError, current

if TYPE_CHECKING:
    import duckdb


def write_csv(connection: duckdb.DuckDBPyConnection, relation: str, target: Path) -> int:
    """Write a relation with a header line, sorted, and return its number of rows.

    Args:
        connection: where the relation is.
        relation: as SQL names it, quoted.
        target: the file; replaced when it exists.

    Raises:
        duckdb.Error: the relation cannot be read or the file cannot be written.
    """
    columns = connection.execute(f"describe from {relation}").fetchall()
    cells = ", ".join(_cell(name, kind) for name, kind, *_ in columns)
    rows = f"select {cells} from {relation} order by all"  # noqa: S608 - quoted from the catalog
    done = connection.execute(f"copy ({rows}) to {literal(target)} (format csv, header)").fetchone()
    return int(done[0]) if done else 0


def _cell(name: str, kind: str) -> str:
    column = identifier(name)
    if kind != "VARCHAR":
        return column
    return f"regexp_replace({column}, '^([=+@\\t\\r-])', '''\\1') as {column}"


def export_marts(published: Path, marts: Sequence[str], out: Path) -> dict[str, int]:
    """Write published marts as `<mart>.csv` and return the rows of each.

    Args:
        published: the folder that holds `current`.
        marts: their names; all of them when empty.
        out: the folder to write to; made when absent.

    Raises:
        PublicationError: nothing is published, or a mart is not in it.
    """
    import duckdb

    publication = current(published)
    if publication is None:
        raise PublicationError(f"nothing is published in {published} yet: `make run` first")
    if unknown := sorted(set(marts) - set(publication.tables)):
        raise PublicationError(
            f"no mart is called {', '.join(unknown)}; there are {', '.join(publication.tables)}"
        )
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(publication.database), read_only=True) as connection:
        return {
            mart: write_csv(connection, identifier(mart), out / f"{mart}.csv")
            for mart in marts or publication.tables
        }
