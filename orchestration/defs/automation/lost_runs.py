"""Runs whose process died without a word: power is cut, a code server or `make run` is killed.

Belongs here: telling such a run from a living one, and saying that it failed. Does not belong
here: starting it again, which Dagster does for a failed run that somebody else started.

A code server reports a run of its own that dies. When it dies as well, Dagster believes in the run
until `max_runtime_seconds`, and every later run waits in the queue behind it.
"""

from __future__ import annotations

import dagster as dg

from orchestration.defs.publishing.lock import SIGNS_OF_LIFE
from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import is_abandoned


def fail_lost_runs(settings: Settings, instance: dg.DagsterInstance) -> list[str]:
    """Report each lost run as failed and return their ids; sweep the signs of those that are over.

    A canceled one is left to Dagster, which ends it within `cancel_timeout_seconds`.
    """
    lost = []
    for sign in sorted((settings.data_dir / SIGNS_OF_LIFE).glob("*.lock")):
        if not is_abandoned(sign):
            continue
        run = instance.get_run_by_id(sign.stem)
        if run is not None and run.status is dg.DagsterRunStatus.STARTED:
            instance.report_run_failed(run, "The process of this run died before the run ended.")
            lost.append(run.run_id)
        sign.unlink(missing_ok=True)
    return lost


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports runs whose process died as failed, so that no other waits for them. "
    "It starts no run.",
)
def lost_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look for lost runs; the reason names them."""
    lost = fail_lost_runs(load_settings(), context.instance)
    return dg.SkipReason(f"lost: {', '.join(lost)}" if lost else "no run is lost")
