"""What the page on data quality shows: the newest of each kind, and how many there are."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.marts import Marts
from orchestration.defs.report.overview import freshness

MOST_SHOWN = 100


def quality_page(marts: Marts) -> dict[str, Any]:
    """Return freshness, incidents, restatements, changed verdicts and what articles imply."""
    return {
        "freshness": freshness(marts),
        "instruments": marts.first(
            MOST_SHOWN,
            """
            select
                instruments.*,
                (
                    select count(*) from price_incidents
                    where price_incidents.symbol = instruments.symbol and is_quarantined
                ) as quarantined,
            from instruments
            order by usable_bars = 0, symbol
            """,
        ),
        "incidents": marts.first(
            MOST_SHOWN,
            """
            select *, is_quarantined and corrected_close is null as is_open
            from price_incidents
            order by is_open desc, session_date desc, symbol, reason
            """,
        ),
        "restatements": marts.first(
            MOST_SHOWN,
            "select * from price_restatements order by new_fetched_at desc, price_restatement_id",
        ),
        "changes": marts.first(
            MOST_SHOWN,
            "select * from verdict_changes order by change_number desc, verdict_change_id",
        ),
        "triangulated": marts.first(
            MOST_SHOWN,
            "select * from triangulated_closes order by close_session_date desc, symbol, currency",
        ),
        "tables": marts.rows(
            "select name, row_count, checksum from publish_meta where item = 'table' order by name"
        ),
    }
