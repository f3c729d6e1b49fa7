"""What a price fetch needs to know from the landing folder: instruments and sessions.

Belongs here: reading the newest snapshot of a small table. Does not belong here: landed bars
(`landed.py`) and where the snapshots come from (reference and calendars).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from orchestration.defs.prices.scan import parquet_views
from orchestration.landing import batches

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class InputError(RuntimeError):
    """A source that prices depend on has nothing. The message names it and the mend."""


@dataclass(frozen=True)
class Instrument:
    """A listed symbol and the exchange whose sessions it trades in.

    Attributes:
        symbol: the symbol.
        mic: the exchange.
        providers: whom to ask for it, in this order; empty for the order of the settings.
    """

    symbol: str
    mic: str
    providers: tuple[str, ...] = ()


@dataclass(frozen=True)
class VendorColumn:
    """A column of a vendor's files.

    Attributes:
        name: as its header has it.
        format: of a date, as for `strptime` (empty is 2025-01-27); `comma` for numbers that are
            written 118,42; empty otherwise.
    """

    name: str
    format: str


@dataclass(frozen=True)
class Vendor:
    """What a vendor's files mean: its columns by meaning, our symbols by its own."""

    columns: dict[str, VendorColumn]
    symbols: dict[str, str]


def instruments(landing_dir: Path) -> list[Instrument]:
    """Return every instrument, by symbol.

    Raises:
        InputError: none has landed.
    """
    with parquet_views(snapshot=[_newest(landing_dir / "instruments")]) as connection:
        # a snapshot from before this column says nothing about it
        has_providers = "providers" in connection.view("snapshot").columns
        providers = "coalesce(providers, '')" if has_providers else "''"
        rows = (
            connection.view("snapshot")
            .project(f"symbol, mic, {providers}")
            .order("symbol")
            .fetchall()
        )
    if not rows:
        raise _nothing(landing_dir / "instruments")
    return [Instrument(symbol, mic, tuple(names.split())) for symbol, mic, names in rows]


def closed_sessions(
    landing_dir: Path, mics: Iterable[str], until: datetime
) -> dict[str, list[date]]:
    """Return, per exchange, the sessions that closed at or before a moment, ascending.

    Args:
        landing_dir: where trading_sessions has landed.
        mics: the exchanges wanted; one without sessions is in the answer with an empty list.
        until: the moment, with a zone.

    Raises:
        InputError: no session has landed.
    """
    closed: dict[str, list[date]] = {mic: [] for mic in mics}
    moment = (until - _EPOCH) // _MICROSECOND
    with parquet_views(snapshot=[_newest(landing_dir / "trading_sessions")]) as connection:
        rows = (
            connection.view("snapshot")
            .filter(f"epoch_us(closes_at) <= {moment}")
            .project("mic, session_date")
            .order("session_date")
            .fetchall()
        )
    if not rows:
        raise _nothing(landing_dir / "trading_sessions")
    for mic, day in rows:
        if mic in closed:
            closed[mic].append(day)
    return closed


def vendors(landing_dir: Path) -> dict[str, Vendor]:
    """Return what vendors mean in the files that a person drops, by the vendor's name.

    Raises:
        InputError: a table has never landed; it may be empty.
    """
    folders = {name: landing_dir / name for name in ("vendor_columns", "vendor_symbols")}
    with parquet_views(**{name: [_newest(folder)] for name, folder in folders.items()}) as landed:
        columns = landed.execute(
            "select vendor, meaning, \"column\", coalesce(format, '') from vendor_columns "
            "order by all"
        ).fetchall()
        symbols = landed.execute(
            "select vendor, vendor_symbol, symbol from vendor_symbols order by all"
        ).fetchall()
    found: dict[str, Vendor] = {}
    for vendor, meaning, name, form in columns:
        found.setdefault(vendor, Vendor({}, {})).columns[meaning] = VendorColumn(name, form)
    for vendor, theirs, symbol in symbols:
        if vendor in found:
            found[vendor].symbols[theirs] = symbol
    return found


def _newest(folder: Path) -> Path:
    landed = batches(folder)
    if not landed:
        raise _nothing(folder)
    return landed[-1]


def _nothing(folder: Path) -> InputError:
    return InputError(f"landing/{folder.name} has nothing ({folder}): materialize it first.")
