"""The recorded provider: real daily bars that come with the project. Needs no network.

Belongs here: reading `daily_bars.parquet` of the recorded folder. Does not belong here: how
that file was made (`data/recorded/build_daily_bars.py`) and any repair of what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from orchestration.defs.prices.scan import parquet_views
from orchestration.defs.prices.tables import (
    actions_schema,
    bars_schema,
    between,
    by_symbol,
    empty,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.settings import Settings

_BARS = """
    select symbol, session_date, open, high, low, close,
        null::double as adjusted_close, volume, currency
    from recorded
    order by symbol, session_date
"""
_ACTIONS = """
    select symbol, session_date as ex_date, 'dividend' as kind, dividend as value
    from recorded where dividend <> 0
    union all
    select symbol, session_date, 'split', split_ratio from recorded where split_ratio <> 0
    order by symbol, ex_date, kind
"""


@dataclass(frozen=True)
class _Recording:
    bars: dict[str, pa.Table]
    actions: dict[str, pa.Table]


class RecordedProvider:
    """Serves the bars of one Parquet file. They have no vendor-adjusted close.

    Args:
        path: symbol, session_date, open, high, low, close, volume, dividend, split_ratio,
            currency; one row per symbol and session.
    """

    name = "recorded"
    is_asked_whole = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _recording(self) -> _Recording:
        import duckdb

        try:
            with parquet_views(recorded=[self._path]) as connection:
                bars = connection.execute(_BARS).to_arrow_table().cast(bars_schema())
                actions = connection.execute(_ACTIONS).to_arrow_table().cast(actions_schema())
        except duckdb.Error as error:
            raise ProviderUnusableError(
                f"recorded bars {self._path} cannot be read ({error}): restore the file, or set "
                "AFTERSHOCK_RECORDED_DIR to the folder that has it."
            ) from error
        return _Recording(by_symbol(bars), by_symbol(actions))

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return what is recorded from `start` to `end`, both included.

        Raises:
            NotRecordedError: no bar of this symbol is recorded.
            NoDataError: none is recorded between the two days.
            ProviderUnusableError: the file is missing or damaged.
        """
        recorded = self._recording.bars.get(symbol)
        if recorded is None:
            raise NotRecordedError(f"{self._path.name} has no bars of {symbol}.")
        bars = between(recorded, "session_date", start, end)
        if not bars.num_rows:
            raise NoDataError(f"nothing is recorded from {start} to {end}.")
        actions = self._recording.actions.get(symbol, empty(actions_schema()))
        return Fetched(
            bars=bars,
            actions=between(actions, "ex_date", start, end),
            currency=bars["currency"][0].as_py(),
        )

    def available_until(self, symbol: str) -> date | None:
        """Return the last recorded session of a symbol; `date.min` if there is none."""
        recorded = self._recording.bars.get(symbol)
        return date.min if recorded is None else recorded["session_date"][-1].as_py()

    def rejections(self) -> list[str]:
        """Return nothing: nobody hands files to it."""
        return []


def provider(settings: Settings) -> RecordedProvider:
    """Return the provider of the deployment's recorded folder."""
    return RecordedProvider(settings.recorded_dir / "daily_bars.parquet")
