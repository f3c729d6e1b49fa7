"""A study's input in the project's own landing format, with a calendar of its own.

Belongs here: from checked tables to landed batches. Does not belong here: reading files (`case`)
and anything computed from what has landed (dbt).

The calendar has one exchange whose sessions are the benchmark's dates. A session lasts from noon
to one second before midnight UTC and an event is announced at midnight, so day 0 is the session of
its date or the next one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import landing
from orchestration.defs.claims.columns import claims_table, notes_table
from orchestration.defs.news.landed import as_table as articles_table
from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.defs.publishing.history import as_table as verdicts_table
from orchestration.study.case import Case
from orchestration.study.reference import MIC, moments, reference_tables

if TYPE_CHECKING:
    import pyarrow as pa

PROVIDER = "study"
_SECONDS_OF_DAY = 86_400
# A batch of this many bars is hashed and written without much memory.
_BATCH_ROWS = 4_000_000


def land_case(folder: Path, case: Case, *, is_adjusted: bool, now: datetime) -> None:
    """Land everything that the models read.

    Args:
        folder: the landing folder, empty.
        case: the study.
        is_adjusted: whether the prices are known to be free of missed splits.
        now: when the files were read. Simulated series may run into the future; a bar is never
            older than its session.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    sessions = _sessions(case.benchmark)
    last_close = sessions["closes_at"][-1].as_py()
    fetched_at = max(now.astimezone(UTC), last_close)

    def land(name: str, table: pa.Table) -> None:
        landing.land(folder / name, table, provider=PROVIDER, fetched_at=fetched_at)

    series = pa.concat_tables(
        each.set_column(0, "symbol", each["symbol"].cast(pa.string()))
        for each in (case.prices, case.benchmark)
    )
    paid = series.filter(pc.greater(series["dividend"], 0.0))
    land("corporate_actions", _actions(paid))
    priced = series.filter(pc.is_valid(series["close"]))
    for start in range(0, priced.num_rows, _BATCH_ROWS):
        land("daily_bars", _bars(priced.slice(start, _BATCH_ROWS)))
    land("trading_sessions", sessions)
    # a study has no news, but the models of the project have these sources
    land("articles", articles_table([]))
    land("extracted_claims", claims_table([]))
    land("claim_extractions", notes_table([]))
    land("published_verdicts", verdicts_table([]))
    for name, table in reference_tables(case, is_adjusted=is_adjusted).items():
        land(name, table)


def _sessions(benchmark: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    valued = benchmark.filter(pc.is_valid(benchmark["close"]))
    days = pc.unique(valued["date"])
    days = days.take(pc.sort_indices(days))
    return pa.table(
        {
            "mic": pa.repeat(pa.scalar(MIC), len(days)),
            "session_date": days,
            "opens_at": moments(days, _SECONDS_OF_DAY // 2),
            "closes_at": moments(days, _SECONDS_OF_DAY - 1),
            "is_early_close": pa.repeat(pa.scalar(False), len(days)),
        }
    )


def _bars(series: pa.Table) -> pa.Table:
    import pyarrow as pa

    given = {"symbol": "symbol", "session_date": "date", "close": "close"}
    return pa.table(
        [
            series[given[field.name]]
            if field.name in given
            else pa.nulls(series.num_rows, field.type)
            for field in bars_schema()
        ],
        schema=bars_schema(),
    )


def _actions(paid: pa.Table) -> pa.Table:
    import pyarrow as pa

    kinds = pa.repeat(pa.scalar("dividend"), paid.num_rows)
    return pa.table(
        [paid["symbol"], paid["date"], kinds, paid["dividend"]], schema=actions_schema()
    )
