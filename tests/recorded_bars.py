"""Changing what the recorded provider serves, in a deployment's own copy of the recorded bars."""

from __future__ import annotations

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
