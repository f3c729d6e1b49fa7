"""The one job: everything from the providers to the published marts.

Belongs here: what a run is. Does not belong here: when it starts (`schedules.py`, `sensors.py`).
"""

import dagster as dg

# One process: starting Python and its libraries costs more than most steps, and a killed run
# leaves no step process behind that holds the warehouse.
market_events = dg.define_asset_job(
    name="market_events",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description=(
        "Fetch prices and news, build the marts, check them against the documented figures, "
        "publish. Schedules, the inbox sensor, `make run` and `make backfill` all run this job."
    ),
    tags={
        "dagster/max_runtime": "3600",
        "dagster/max_retries": "2",
        "dagster/retry_strategy": "ALL_STEPS",
        # the run coordinator starts one run of this kind at a time
        "aftershock/warehouse": "write",
    },
)
