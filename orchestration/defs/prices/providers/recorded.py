"""The recorded provider: real daily bars that come with the project. Needs no network.

Belongs here: reading `daily_bars.parquet` of the recorded folder. Does not belong here: how
that file was made (`data/recorded/build_daily_bars.py`) and any repair of what it says.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.held import Held, held
from orchestration.defs.prices.provider import (
    Fetched,
    NoDataError,
    NotRecordedError,
    ProviderUnusableError,
)
from orchestration.defs.prices.scan import parquet_views

if TYPE_CHECKING:
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
    def _recording(self) -> Held:
        import duckdb

        try:
            with parquet_views(recorded=[self._path]) as connection:
                return held(connection, _BARS, _ACTIONS)
        except duckdb.Error as error:
            raise ProviderUnusableError(
                f"recorded bars {self._path} cannot be read ({error}): restore the file, or set "
                "AFTERSHOCK_RECORDED_DIR to the folder that has it."
            ) from error

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return what is recorded from `start` to `end`, both included.

        Raises:
            NotRecordedError: no bar of this symbol is recorded.
            NoDataError: none is recorded between the two days.
            ProviderUnusableError: the file is missing or damaged.
        """
        if symbol not in self._recording.bars:
            raise NotRecordedError(f"{self._path.name} has no bars of {symbol}.")
        answer = self._recording.cut(symbol, start, end)
        if answer is None:
            raise NoDataError(f"nothing is recorded from {start} to {end}.")
        return answer

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
