"""The drop provider: vendors' CSV and Parquet files that a person puts into a folder.

Belongs here: which files there are, and which row counts when several have it. Does not belong
here: reading one file (`dropped.py`), and what columns and a vendor's own
symbols mean (`vendor_columns.csv` and `vendor_symbols.csv` in `data/reference/`).

A file lies in a folder named after its vendor. Files are read anew by each fetch, so one that comes
late fills the past, and of two files with the same bar the last in the order of their names counts,
whichever came first. What a file says is data: no path is ever made of it.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.dropped import ENDS, TABLE, UnusableFileError, load
from orchestration.defs.prices.held import Held, held
from orchestration.defs.prices.inputs import Vendor, instruments, vendors
from orchestration.defs.prices.provider import Fetched, NoDataError, ProviderUnusableError
from orchestration.landing import storable

if TYPE_CHECKING:
    from orchestration.settings import Settings

_NEEDED = ("date", "close")
_NEWEST = """
    create view newest as
    select * from dropped
    qualify row_number() over (
        partition by symbol, session_date order by file_number desc, row_number desc
    ) = 1
"""
_BARS = """
    select symbol, session_date, open, high, low, close, adjusted_close,
        volume::bigint as volume, currency
    from newest
    order by symbol, session_date
"""
_ACTIONS = """
    select symbol, session_date as ex_date, 'dividend' as kind, dividend as value
    from newest where dividend <> 0
    union all
    select symbol, session_date, 'split', split_ratio from newest where split_ratio not in (0, 1)
    order by symbol, ex_date, kind
"""


@dataclass(frozen=True)
class _Dropped:
    held: Held
    rejections: list[str]


class DropProvider:
    """Serves what lies in the drop folder.

    Args:
        folder: it has one folder for each vendor; it may be missing.
        landing_dir: where instruments, vendor_columns and vendor_symbols have landed.
    """

    name = "drop"
    is_asked_whole = True

    def __init__(self, folder: Path, landing_dir: Path) -> None:
        self._folder = folder
        self._landing_dir = landing_dir

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return what the files have from `start` to `end`, both included.

        Raises:
            NoDataError: they have nothing of the symbol, or nothing between the two days.
            ProviderUnusableError: the column map lacks what every vendor needs.
        """
        if symbol not in self._dropped.held.bars:
            raise NoDataError(f"no usable file in {self._folder} has bars of {symbol}.")
        answer = self._dropped.held.cut(symbol, start, end)
        if answer is None:
            raise NoDataError(f"no file has bars from {start} to {end}.")
        return answer

    def available_until(self, symbol: str) -> date | None:
        """Return None: the next file may come at any time."""
        return None

    def rejections(self) -> list[str]:
        """Return each file that could not be used, by name, and why."""
        return self._dropped.rejections

    @cached_property
    def _dropped(self) -> _Dropped:
        import duckdb

        known = vendors(self._landing_dir)
        for name, vendor in known.items():
            for meaning in _NEEDED:
                if meaning not in vendor.columns:
                    raise ProviderUnusableError(
                        f"data/reference/vendor_columns.csv: {name} has no column that means "
                        f"{meaning}; add the row."
                    )
        symbols = [instrument.symbol for instrument in instruments(self._landing_dir)]
        rejections = []
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            connection.execute(TABLE)
            for number, path in enumerate(self._entries()):
                try:
                    _check_place(path, self._folder, known)
                    load(connection, number, path, known[path.parent.name], symbols)
                except UnusableFileError as error:
                    rejections.append(f"{storable(path.relative_to(self._folder))}: {error}")
            connection.execute(_NEWEST)
            return _Dropped(held(connection, _BARS, _ACTIONS), rejections)

    def _entries(self) -> Iterator[Path]:
        """Yield the files of each folder, and what is no folder, by name; hidden ones are left."""
        for entry in _visible(self._folder):
            if entry.is_dir() and not entry.is_symlink():
                yield from _visible(entry)
            else:
                yield entry


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _check_place(path: Path, folder: Path, vendors: dict[str, Vendor]) -> None:
    """Check what can be said of a file without opening it."""
    known = ", ".join(vendors) or "none yet"
    if path.parent == folder:
        raise UnusableFileError(f"belongs into a folder named after its vendor ({known})")
    if path.parent.name not in vendors:
        raise UnusableFileError(f"the folder is no vendor of vendor_columns.csv ({known})")
    # a link may lead anywhere, and a pipe would never end
    if not stat.S_ISREG(path.lstat().st_mode):
        raise UnusableFileError("is no plain file")
    if path.suffix not in ENDS:
        raise UnusableFileError(f"the name must end in {' or '.join(ENDS)}")
    # DuckDB would take such a name as a pattern for many files
    if set(path.name) & set("*?["):
        raise UnusableFileError("the name has one of * ? [")


def provider(settings: Settings) -> DropProvider:
    """Return the provider of the deployment's drop folder."""
    return DropProvider(settings.drop_dir, settings.landing_dir)
