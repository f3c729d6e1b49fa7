"""What has already landed from a provider, and which rows of an answer are new to it.

Belongs here: reading landed bars and actions back, and comparing. Does not belong here: asking
a provider, and any version of a row but the newest (the warehouse keeps them all).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.scan import parquet_views
from orchestration.landing import batches

if TYPE_CHECKING:
    import pyarrow as pa

_REACH = "select symbol, min(session_date), max(session_date) from landed group by symbol"
_SPLITS = "select symbol, ex_date from landed where kind = 'split'"

# Null equals null and differs from every value. A provider that keeps single precision repeats
# a price only to 1.2e-7 of itself. Yahoo's adjusted closes wobble by up to 5e-7 from one
# request to the next (yfinance issue 1871). Less than that is no restatement.
_DIFFERS = """
create temp macro differs(new, old, noise) as
    (new is null) <> (old is null) or coalesce(abs(new - old) > noise * abs(old), false)
"""

# The semi join lets DuckDB skip the blocks of landed files that lie outside the answer's dates.
_NEW_ROWS = {
    "daily_bars": """
        with newest as (
            select landed.* from landed semi join answer using (symbol, session_date)
            qualify row_number() over (
                partition by symbol, session_date order by fetched_at desc
            ) = 1
        )
        select answer.* from answer left join newest using (symbol, session_date)
        where newest.symbol is null
            or differs(answer.open, newest.open, 2e-7)
            or differs(answer.high, newest.high, 2e-7)
            or differs(answer.low, newest.low, 2e-7)
            or differs(answer.close, newest.close, 2e-7)
            or differs(answer.adjusted_close, newest.adjusted_close, 1e-6)
            or answer.volume is distinct from newest.volume
            or answer.currency is distinct from newest.currency
        order by session_date, symbol
    """,
    "corporate_actions": """
        with newest as (
            select landed.* from landed semi join answer using (symbol, ex_date, kind)
            qualify row_number() over (
                partition by symbol, ex_date, kind order by fetched_at desc
            ) = 1
        )
        select answer.* from answer left join newest using (symbol, ex_date, kind)
        where newest.symbol is null or differs(answer.value, newest.value, 2e-7)
        order by ex_date, symbol, kind
    """,
}
_ORDER: Mapping[str, list[tuple[str, str]]] = {
    "daily_bars": [("session_date", "ascending"), ("symbol", "ascending")],
    "corporate_actions": [
        ("ex_date", "ascending"),
        ("symbol", "ascending"),
        ("kind", "ascending"),
    ],
}


@dataclass(frozen=True)
class Reach:
    """The first and the last session that have landed for a symbol."""

    first: date
    last: date


def reach(folder: Path, provider: str | None = None) -> dict[str, Reach]:
    """Return what has landed per symbol, from one provider or from all.

    Only two narrow columns are read, a block at a time, so memory does not grow with history.
    """
    files = batches(folder) if provider is None else landed_files(folder, provider)
    if not files:
        return {}
    with parquet_views(landed=files) as connection:
        rows = connection.execute(_REACH).fetchall()
    return {symbol: Reach(first, last) for symbol, first, last in rows}


def settled_splits(actions: Path, bars: Path, provider: str) -> set[tuple[str, date]]:
    """Return symbol and ex-date of every split that earlier bars already take into account.

    Actions land before bars. A split whose fetch never came to landing bars is not settled.

    Args:
        actions: the landing folder of corporate actions.
        bars: the landing folder of daily bars.
        provider: only its own batches count.
    """
    newest = max((_stamp(batch) for batch in landed_files(bars, provider)), default="")
    files = [batch for batch in landed_files(actions, provider) if _stamp(batch) <= newest]
    if not files:
        return set()
    with parquet_views(landed=files) as connection:
        return {(symbol, day) for symbol, day in connection.execute(_SPLITS).fetchall()}


def landed_files(folder: Path, provider: str) -> list[Path]:
    """Return the landed batches of one provider, oldest first."""
    return [batch for batch in batches(folder) if f"-{provider}-" in batch.name]


def _stamp(batch: Path) -> str:
    return batch.name.split("-")[0]


def unlanded(answer: pa.Table, folder: Path, provider: str) -> pa.Table:
    """Return the rows of an answer that are new or differ from their newest landed version.

    Args:
        answer: rows of `daily_bars` or `corporate_actions`, unique by symbol and date (and kind).
        folder: the landing folder of that name.
        provider: only its own batches count; two providers never overwrite each other.

    Returns:
        The rows by date and symbol, so that readers can skip the blocks of other dates.
    """
    import pyarrow.parquet as pq

    files = landed_files(folder, provider)
    if not files or not answer.num_rows:
        return answer.sort_by(_ORDER[folder.name])
    with tempfile.TemporaryDirectory(prefix="aftershock-") as scratch:
        staged = Path(scratch) / "answer.parquet"
        pq.write_table(answer, staged)
        with parquet_views(landed=files, answer=[staged]) as connection:
            connection.execute(_DIFFERS)
            rows = connection.execute(_NEW_ROWS[folder.name]).to_arrow_table()
    return rows.select(answer.column_names).cast(answer.schema)
