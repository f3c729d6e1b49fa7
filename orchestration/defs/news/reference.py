"""The rows of a landed reference table that a news source needs.

Belongs here: reading the newest snapshot. Does not belong here: validating it (`defs/reference`).
"""

from __future__ import annotations

from typing import Any

from orchestration import landing
from orchestration.settings import Settings


def newest_rows(settings: Settings, table: str) -> list[dict[str, Any]]:
    """Return the rows of a reference table as it last landed; none when it never did."""
    import pyarrow.parquet as pq

    landed = landing.batches(settings.landing_dir / table)
    rows: list[dict[str, Any]] = pq.read_table(landed[-1]).to_pylist() if landed else []
    return rows
