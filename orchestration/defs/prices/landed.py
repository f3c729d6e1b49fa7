"""What has already landed from a provider, and which rows of an answer are new to it.

Belongs here: reading landed bars and actions back, column by column, and comparing. Does not
belong here: asking a provider, and any version of a bar but the newest (SQL keeps them all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing import batches

if TYPE_CHECKING:
    import pyarrow as pa

# A provider that keeps single precision repeats a price only to 1.2e-7 of itself. Yahoo's
# adjusted closes wobble by up to 5e-7 from one request to the next (yfinance issue 1871).
# Below this a value is the same value, and no restatement.
RELATIVE_NOISE = {"adjusted_close": 1e-6}
DEFAULT_RELATIVE_NOISE = 2e-7


@dataclass(frozen=True)
class Reach:
    """The first and the last session that have landed for a symbol."""

    first: date
    last: date


def landed_files(folder: Path, provider: str) -> list[Path]:
    """Return the landed batches of one provider, oldest first."""
    return [batch for batch in batches(folder) if f"-{provider}-" in batch.name]


def reach(folder: Path, provider: str | None = None) -> dict[str, Reach]:
    """Return what has landed per symbol, from one provider or from all.

    Reads two narrow columns, a block at a time, so memory does not grow with history.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    files = batches(folder) if provider is None else landed_files(folder, provider)
    found: dict[str, Reach] = {}
    if not files:
        return found
    for batch in ds.dataset(files).to_batches(columns=["symbol", "session_date"]):
        spans = (
            pa.table(batch)
            .group_by("symbol")
            .aggregate([("session_date", "min"), ("session_date", "max")])
        )
        for row in spans.to_pylist():
            first, last = row["session_date_min"], row["session_date_max"]
            known = found.get(row["symbol"], Reach(first, last))
            found[row["symbol"]] = Reach(min(first, known.first), max(last, known.last))
    return found


def landed_splits(folder: Path, provider: str) -> set[tuple[str, date]]:
    """Return symbol and ex-date of every split that has landed from a provider."""
    import pyarrow.dataset as ds

    files = landed_files(folder, provider)
    if not files:
        return set()
    rows = ds.dataset(files).to_table(
        columns=["symbol", "ex_date"], filter=ds.field("kind") == "split"
    )
    return set(zip(rows["symbol"].to_pylist(), rows["ex_date"].to_pylist(), strict=True))


def unlanded(answer: pa.Table, folder: Path, provider: str, key: Sequence[str]) -> pa.Table:
    """Return the rows of an answer that are new or differ from their newest landed version.

    Args:
        answer: rows with the landed columns, unique by `key`.
        folder: the source's landing folder.
        provider: only its own batches count; two providers never overwrite each other.
        key: the columns that name a row; the second one is its date.

    Returns:
        The rows, ordered by date and symbol so that old blocks can be skipped when reading.
    """
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    order = [(key[1], "ascending"), *((name, "ascending") for name in key if name != key[1])]
    files = landed_files(folder, provider)
    if not files or not answer.num_rows:
        return answer.sort_by(order)
    values = [name for name in answer.column_names if name not in key]
    earliest = pc.min(answer[key[1]])
    symbols = pc.unique(answer["symbol"].combine_chunks())
    landed = ds.dataset(files).to_table(
        columns=[*answer.column_names, "fetched_at"],
        filter=(ds.field(key[1]) >= earliest) & ds.field("symbol").isin(symbols),
    )
    newest = (
        landed.sort_by("fetched_at")
        .group_by(list(key), use_threads=False)
        .aggregate([(name, "last") for name in [*values, "fetched_at"]])
    )
    both = answer.join(newest, keys=list(key), join_type="left outer")
    is_changed = pc.is_null(both["fetched_at_last"])
    for name in values:
        is_changed = pc.or_(is_changed, _differs(both[name], both[f"{name}_last"], name))
    rows = both.filter(is_changed).select(answer.column_names).sort_by(order)
    return rows.cast(answer.schema) if rows.num_rows else answer.schema.empty_table()


def _differs(new: pa.ChunkedArray, old: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Compare two columns row by row; null equals null and differs from every value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(new.type):
        noise = RELATIVE_NOISE.get(name, DEFAULT_RELATIVE_NOISE)
        unequal = pc.greater(pc.abs(pc.subtract(new, old)), pc.multiply(pc.abs(old), noise))
    else:
        unequal = pc.not_equal(new, old)
    is_one_null = pc.xor(pc.is_null(new), pc.is_null(old))
    return pc.or_(is_one_null, pc.fill_null(unequal, False))
