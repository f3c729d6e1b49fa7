"""The recorded provider: real daily bars that come with the project. Needs no network.

Belongs here: reading `daily_bars.parquet` of the recorded folder. Does not belong here: how
that file was made (`data/recorded/build_daily_bars.py`) and any repair of what it says.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.provider import (
    Fetched,
    NoDataError,
    NotRecordedError,
    ProviderUnusableError,
)
from orchestration.defs.prices.tables import actions_schema, bars_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.settings import Settings

_ACTIONS = (("dividend", "dividend", 0.0), ("split_ratio", "split", 0.0))


class RecordedProvider:
    """Serves the bars of one Parquet file. They have no vendor-adjusted close.

    Args:
        path: symbol, session_date, open, high, low, close, volume, dividend, split_ratio,
            currency; one row per symbol and session.
    """

    name = "recorded"

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _symbols(self) -> dict[str, pa.Table]:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        try:
            rows = pq.read_table(self._path)
        except (pa.ArrowInvalid, OSError) as error:
            raise ProviderUnusableError(
                f"recorded bars {self._path} cannot be read ({error}): restore the file, or set "
                "AFTERSHOCK_RECORDED_DIR to the folder that has it."
            ) from error
        return {
            symbol: rows.filter(pc.field("symbol") == symbol).sort_by("session_date")
            for symbol in pc.unique(rows["symbol"]).to_pylist()
        }

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return what is recorded from `start` to `end`, both included.

        Raises:
            NotRecordedError: no bar of this symbol is recorded.
            NoDataError: none is recorded between the two days.
            ProviderUnusableError: the file is missing or damaged.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if symbol not in self._symbols:
            raise NotRecordedError(f"{self._path.name} has no bars of {symbol}.")
        day = pc.field("session_date")
        rows = self._symbols[symbol].filter((day >= start) & (day <= end))
        if not rows.num_rows:
            raise NoDataError(f"nothing is recorded from {start} to {end}.")
        bars = rows.append_column("adjusted_close", pa.nulls(rows.num_rows, pa.float64()))
        actions = [
            {"symbol": symbol, "ex_date": row["session_date"], "kind": kind, "value": row[column]}
            for column, kind, nothing in _ACTIONS
            for row in rows.filter(pc.field(column) != nothing).to_pylist()
        ]
        return Fetched(
            bars=bars.select(bars_schema().names).cast(bars_schema()),
            actions=pa.Table.from_pylist(actions, schema=actions_schema()).sort_by("ex_date"),
            currency=rows["currency"][0].as_py(),
        )

    def available_until(self, symbol: str) -> date | None:
        """Return the last recorded session of a symbol; `date.min` if there is none."""
        import pyarrow.compute as pc

        rows = self._symbols.get(symbol)
        return date.min if rows is None else pc.max(rows["session_date"]).as_py()


def provider(settings: Settings) -> RecordedProvider:
    """Return the provider of the deployment's recorded folder."""
    return RecordedProvider(settings.recorded_dir / "daily_bars.parquet")
