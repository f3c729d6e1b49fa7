"""The columns that prices land with, and tables shown to people.

Belongs here: names and types, before `landing.land` adds `fetched_at` and `provider`.
Does not belong here: where rows come from or what they mean to a statistic.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def bars_schema() -> pa.Schema:
    """Return the columns of daily bars: prices in the quote currency, volume in shares."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("symbol", pa.string()),
            pa.field("session_date", pa.date32()),
            *(
                pa.field(name, pa.float64())
                for name in ("open", "high", "low", "close", "adjusted_close")
            ),
            pa.field("volume", pa.int64()),
            pa.field("currency", pa.string()),
        ]
    )


def actions_schema() -> pa.Schema:
    """Return the columns of corporate actions.

    `value` is a dividend per share in the quote currency, or a split's ratio (10 is 10 for 1).
    """
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("symbol", pa.string()),
            pa.field("ex_date", pa.date32()),
            pa.field("kind", pa.string()),
            pa.field("value", pa.float64()),
        ]
    )


def empty(schema: pa.Schema) -> pa.Table:
    """Return a table with these columns and no rows."""
    import pyarrow as pa

    return pa.Table.from_batches([], schema=schema)


def between(rows: pa.Table, column: str, start: date, end: date) -> pa.Table:
    """Return the rows whose date lies from `start` to `end`, both included, ascending."""
    ordered = rows.sort_by(column)
    days = ordered[column].to_pylist()
    first = bisect_left(days, start)
    return ordered.slice(first, bisect_right(days, end) - first)


def by_symbol(rows: pa.Table) -> dict[str, pa.Table]:
    """Cut rows that are ordered by symbol into one table per symbol, without copying."""
    tables: dict[str, pa.Table] = {}
    first = 0
    for symbol, group in groupby(rows["symbol"].to_pylist()):
        count = len(list(group))
        tables[symbol] = rows.slice(first, count)
        first += count
    return tables


def markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as a markdown table; text from outside cannot break out of its cell."""
    if not rows:
        return "(no rows)"
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([_cell(v) for v in r.values()] for r in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    for character, harmless in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("`", "&#96;")):
        text = text.replace(character, harmless)
    return " ".join(text.split())
