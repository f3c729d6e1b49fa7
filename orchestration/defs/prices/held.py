"""What a provider serves that has all its rows at hand: a table for each symbol, cut to days.

Belongs here: cutting. Does not belong here: where the rows come from, and the errors (`providers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration.defs.prices.provider import Fetched
from orchestration.defs.prices.tables import (
    actions_schema,
    bars_schema,
    between,
    by_symbol,
    empty,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True)
class Held:
    """Bars and corporate actions by symbol, in order of their days."""

    bars: dict[str, pa.Table]
    actions: dict[str, pa.Table]

    def cut(self, symbol: str, start: date, end: date) -> Fetched | None:
        """Return what is held of a symbol from `start` to `end`, or None without a bar."""
        bars = between(self.bars[symbol], "session_date", start, end)
        if not bars.num_rows:
            return None
        actions = self.actions.get(symbol, empty(actions_schema()))
        return Fetched(
            bars=bars,
            actions=between(actions, "ex_date", start, end),
            currency=bars["currency"][-1].as_py(),
        )


def held(connection: duckdb.DuckDBPyConnection, bars: str, actions: str) -> Held:
    """Return the answers of two queries, each ordered by symbol and day.

    Raises:
        duckdb.Error: a query fails.
    """
    return Held(
        by_symbol(connection.execute(bars).to_arrow_table().cast(bars_schema())),
        by_symbol(connection.execute(actions).to_arrow_table().cast(actions_schema())),
    )
