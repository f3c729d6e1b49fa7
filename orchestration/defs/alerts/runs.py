"""Runs that failed and blocking checks that did not pass, read from the Dagster instance.

Belongs here: folding ended runs, in the order they ended, into which failures last. Does not belong
here: the run itself, which neither waits for an alert nor fails because of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.alerts.alert import Alert, alert

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
_AT_ONCE = 50


@dataclass(frozen=True)
class EndedRun:
    """One run that ended by itself; a canceled one was a person's choice and is no news.

    Attributes:
        ended_at: seconds since 1970.
        succeeded: all of it.
        failures: of its steps, or of the run when no step failed.
        failed_checks: blocking checks that did not pass.
        passed_checks: keys that those which passed would have.
    """

    ended_at: float
    succeeded: bool
    failures: tuple[Alert, ...] = ()
    failed_checks: tuple[Alert, ...] = ()
    passed_checks: frozenset[str] = frozenset()


def fold(runs: Iterable[EndedRun], before: Sequence[str]) -> tuple[list[Alert], tuple[str, ...]]:
    """Return what is new and which keys last now.

    A failure lasts until a run succeeds, a check's also until it passes; while it lasts it is told
    once, and afterwards it can be told again.

    Args:
        runs: in the order they ended.
        before: the keys that lasted before them.
    """
    lasting, news = dict.fromkeys(before), []
    for run in runs:
        if run.succeeded:
            lasting.clear()
            continue
        for passed in run.passed_checks:
            lasting.pop(passed, None)
        for found in (*run.failures, *run.failed_checks):
            if found.key not in lasting:
                lasting[found.key] = None
                news.append(found)
    return news, tuple(lasting)


def ended_runs(instance: dg.DagsterInstance, job: str, after: float | None) -> list[EndedRun]:
    """Return the runs of a job that ended after a moment, oldest first and at most fifty.

    Args:
        instance: where they are recorded.
        job: its name.
        after: seconds since 1970; None for the last ended run alone.
    """
    records = instance.get_run_records(
        filters=dg.RunsFilter(
            job_name=job,
            statuses=_ENDED,
            updated_after=None if after is None else datetime.fromtimestamp(after, UTC),
        ),
        limit=1 if after is None else _AT_ONCE,
        order_by="update_timestamp",
        ascending=after is not None,
    )
    # a run is updated again when it is tagged after its end
    ended = [(record.end_time or 0.0, record.dagster_run) for record in records]
    return [
        _ended(instance, run, end)
        for end, run in sorted(ended, key=lambda pair: pair[0])
        if after is None or end > after
    ]


def _ended(instance: dg.DagsterInstance, run: dg.DagsterRun, ended_at: float) -> EndedRun:
    if run.status is dg.DagsterRunStatus.SUCCESS:
        return EndedRun(ended_at, succeeded=True)
    checks = [
        evaluation
        for entry in instance.all_logs(
            run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        )
        if entry.dagster_event is not None
        and isinstance(
            evaluation := entry.dagster_event.event_specific_data, dg.AssetCheckEvaluation
        )
    ]
    check_alerts = [
        (
            check.passed,
            alert(
                "check_failure",
                f"{check.asset_key.to_user_string()}:{check.check_name}",
                f"{check.asset_key.to_user_string()} {check.check_name}: "
                f"{check.description or 'did not pass'}",
            ),
        )
        for check in checks
        # in this house a check of this severity stops the publication
        if check.severity is dg.AssetCheckSeverity.ERROR
    ]
    return EndedRun(
        ended_at,
        succeeded=False,
        # an automatic retry decides whether it is news
        failures=() if run.tags.get("dagster/will_retry") == "true" else _failures(instance, run),
        failed_checks=tuple(found for passed, found in check_alerts if not passed),
        passed_checks=frozenset(found.key for passed, found in check_alerts if passed),
    )


def _failures(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[Alert, ...]:
    """Return an alert for each failed step with its cause, or one for the run."""
    steps = []
    for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
        event = entry.dagster_event
        if event is not None and event.step_key is not None:
            steps.append(
                alert(
                    "run_failure",
                    event.step_key,
                    f"{event.step_key}, run {run.run_id}: {_cause(event)}",
                )
            )
    if steps:
        return tuple(steps)
    ends = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    why = ends[-1].dagster_event.message if ends and ends[-1].dagster_event else None
    return (alert("run_failure", "run", f"run {run.run_id}: {why or 'no step says why'}"),)


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while (
        error is not None
        and error.cause is not None
        and (error.cls_name or "").startswith("Dagster")
    ):
        error = error.cause
    message = error.message if error is not None else str(event.message)
    # our own errors are sentences; the name of the class is not part of them
    return re.sub(r"^(orchestration|dagster)[\w.]*: ", "", message.strip())
