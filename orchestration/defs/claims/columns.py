"""The columns of the two landed tables.

Belongs here: names and types. Does not belong here: what fills them (`landed`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


def claims_table(rows: Iterable[Row]) -> pa.Table:
    """Return claims with the landed columns."""
    import pyarrow as pa

    text = pa.string()
    schema = pa.schema(
        [
            *((name, text) for name in ("article_id", "article_hash", "extractor_version")),
            ("claim_index", pa.int32()),
            ("part", text),
            ("span_start", pa.int32()),
            ("span_end", pa.int32()),
            *((name, text) for name in ("subject", "symbol", "measure", "direction")),
            *((name, text) for name in ("stated_value", "stated_value_to")),
            ("scale", pa.float64()),
            *((name, text) for name in ("unit", "qualifier", "as_of", "period")),
            ("stated_date", pa.date32()),
            *((name, text) for name in ("stated_date_rule", "rule")),
            ("confidence", pa.float64()),
            ("language", text),
        ]
    )
    return pa.Table.from_pylist(list(rows), schema)


def notes_table(rows: Iterable[Row]) -> pa.Table:
    """Return notes of article versions read, with the landed columns."""
    import pyarrow as pa

    text = pa.string()
    names = ("article_id", "article_hash", "extractor_version", "language")
    schema = pa.schema(
        [*((name, text) for name in names), ("claims", pa.int32()), ("outcome", text)]
    )
    return pa.Table.from_pylist(list(rows), schema)
