"""Changing what the recorded provider serves, in a deployment's own copy of the recorded bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def set_bar(recorded_dir: Path, symbol: str, day: str, field: str, value: float) -> None:
    """Let the recorded provider serve another value for one bar."""
    path = recorded_dir / "daily_bars.parquet"
    table = pq.read_table(path)
    hit = pc.and_(
        pc.equal(table["symbol"], symbol),
        pc.equal(table["session_date"], pa.scalar(day).cast(pa.date32())),
    )
    assert pc.sum(hit).as_py() == 1
    column = pc.if_else(hit, pa.scalar(value, table[field].type), table[field])
    pq.write_table(table.set_column(table.column_names.index(field), field, column), path)


def add_sessions(recorded_dir: Path, days: Sequence[date]) -> int:
    """Let the recorded provider serve each symbol's last bar on more days; return all its bars."""
    path = recorded_dir / "daily_bars.parquet"
    table = pq.read_table(path)
    last = table.filter(pc.equal(table["session_date"], pc.max(table["session_date"])))
    place = table.column_names.index("session_date")
    more = [
        last.set_column(place, "session_date", pa.array([day] * last.num_rows, pa.date32()))
        for day in days
    ]
    pq.write_table(pa.concat_tables([table, *more]), path)
    return table.num_rows + len(days) * last.num_rows
