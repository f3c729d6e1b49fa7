"""What a price fetch needs to know from the landing folder: instruments and sessions.

Belongs here: reading the newest snapshot of a small table. Does not belong here: landed bars
(`landed.py`) and where the snapshots come from (reference and calendars).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing import batches

if TYPE_CHECKING:
    import pyarrow as pa


class InputError(RuntimeError):
    """A source that prices depend on has nothing. The message names it and the mend."""


@dataclass(frozen=True)
class Instrument:
    """A listed symbol and the exchange whose sessions it trades in."""

    symbol: str
    mic: str


def newest_snapshot(folder: Path, columns: list[str]) -> pa.Table:
    """Return the given columns of a source's last landed batch.

    Raises:
        InputError: nothing has landed, or the batch has no rows.
    """
    import pyarrow.parquet as pq

    landed = batches(folder)
    table = pq.read_table(landed[-1], columns=columns) if landed else None
    if table is None or table.num_rows == 0:
        raise InputError(
            f"landing/{folder.name} is empty ({folder}): materialize it before prices."
        )
    return table


def instruments(landing_dir: Path) -> list[Instrument]:
    """Return every instrument, by symbol."""
    table = newest_snapshot(landing_dir / "instruments", ["symbol", "mic"])
    rows = [Instrument(row["symbol"], row["mic"]) for row in table.to_pylist()]
    return sorted(rows, key=lambda instrument: instrument.symbol)


def sessions(landing_dir: Path) -> pa.Table:
    """Return all trading sessions: mic, session_date, closes_at (UTC)."""
    return newest_snapshot(landing_dir / "trading_sessions", ["mic", "session_date", "closes_at"])


def closed_sessions(table: pa.Table, mics: Iterable[str], until: datetime) -> dict[str, list[date]]:
    """Return, per exchange, the sessions that closed at or before a moment, ascending.

    Args:
        table: mic, session_date, closes_at.
        mics: the exchanges wanted; one without sessions is in the answer with an empty list.
        until: the moment, with a zone.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    closed: dict[str, list[date]] = {mic: [] for mic in mics}
    is_wanted = pc.and_(
        pc.is_in(table["mic"], value_set=pa.array(sorted(closed), pa.string())),
        pc.less_equal(table["closes_at"], pa.scalar(until, table.schema.field("closes_at").type)),
    )
    rows = table.filter(is_wanted).sort_by("session_date")
    for mic, day in zip(rows["mic"].to_pylist(), rows["session_date"].to_pylist(), strict=True):
        closed[mic].append(day)
    return closed
