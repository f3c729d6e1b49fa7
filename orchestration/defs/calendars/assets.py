"""The landed trading sessions.

Belongs here: how the snapshot shows in Dagster. Does not belong here: when it is made anew
(`snapshot`) and what a session is (`sessions`).
"""

from datetime import UTC, datetime

import dagster as dg

from orchestration import landing
from orchestration.defs.calendars.snapshot import land_trading_sessions
from orchestration.settings import load_settings


@dg.asset(
    key=["landing", "trading_sessions"],
    deps=[["landing", "exchanges"]],
    group_name="calendars",
    owners=["team:market-data"],
    kinds={"python", "parquet"},
)
def trading_sessions(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Every trading session of every exchange, with its opening and close in UTC.

    From exchange_calendars, from the first known day to the end of next year, early closes
    marked. A new snapshot lands when the package, the exchanges or the range of days change.
    """
    import pyarrow.parquet as pq

    batch, is_new = land_trading_sessions(load_settings(), datetime.now(UTC), context.log.warning)
    rows = pq.read_metadata(batch).num_rows
    state = "new snapshot" if is_new else "snapshot is current"
    context.log.info(f"trading_sessions: {state}, {rows} sessions")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "is_new_snapshot": is_new},
        data_version=dg.DataVersion(landing.hash_of(batch)),
    )
