"""The sensor that looks for something to tell, once a minute, and tells it once.

Belongs here: one look, and what is remembered of it. Does not belong here: what an alert is
(`conditions`, `runs`). A run is not involved: a sink that fails costs no run anything.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.alerts.alert import Alert, subject
from orchestration.defs.alerts.conditions import changed_verdicts, stale_exchanges
from orchestration.defs.alerts.memory import Memory, recall, remember
from orchestration.defs.alerts.runs import ended_runs, fold
from orchestration.defs.alerts.sinks import SinkError, send
from orchestration.defs.automation.jobs import market_events
from orchestration.defs.automation.schedules import after_frankfurt_close, after_new_york_close
from orchestration.defs.publishing.publication import Publication, PublicationError, current
from orchestration.settings import Settings, load_settings

# reads landed files, so not every minute
_STALE_EVERY_SECONDS = 900


@dataclass(frozen=True)
class Look:
    """What one look found, and what is to be remembered once it has been told."""

    news: tuple[Alert, ...]
    memory: Memory


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the alert sink, once for each change, of failed runs, blocking checks that "
    "did not pass, stale exchanges and changed verdicts. It starts no run.",
)
def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look, tell, remember; the reason says what was done."""
    return dg.SkipReason(tell(load_settings(), context.instance, datetime.now(UTC), context.log))


def tell(
    settings: Settings, instance: dg.DagsterInstance, now: datetime, log: logging.Logger
) -> str:
    """Tell what is new and return what was done; a sink that fails is tried again next time."""
    memory = recall(settings.alerts_path)
    found = look(settings, instance, now, memory or Memory())
    if found.news:
        try:
            send(settings, found.news)
        except SinkError as error:
            kept = memory or Memory()
            if not kept.is_sink_failing:
                log.warning(f"alerts wait until the sink takes them: {error}")
                remember(settings.alerts_path, replace(kept, is_sink_failing=True))
            return f"{len(found.news)} alerts wait: {error}"
    if found.memory != memory:
        remember(settings.alerts_path, found.memory)
    if not found.news:
        return "nothing new to tell"
    return f"told {settings.alert_sink}: {subject(found.news)}"


def look(settings: Settings, instance: dg.DagsterInstance, now: datetime, memory: Memory) -> Look:
    """Return what is new since the last look; the first one takes the last run as the state."""
    runs = ended_runs(instance, market_events.name, memory.runs_until)
    failures, lasting = fold(runs, memory.open)
    after = replace(
        memory,
        runs_until=runs[-1].ended_at if runs else memory.runs_until,
        open=lasting,
        is_sink_failing=False,
    )
    stale: list[Alert] = []
    if runs or now.timestamp() - memory.stale_checked >= _STALE_EVERY_SECONDS:
        behind = stale_exchanges(settings, (after_new_york_close, after_frankfurt_close), now)
        stale = [found for found in behind if found.key not in memory.stale]
        after = replace(
            after,
            stale=tuple(found.key for found in behind),
            stale_checked=now.timestamp(),
        )
    publication = _publication(settings)
    flips: list[Alert] = []
    if publication is not None and publication.version != memory.publication:
        changes = changed_verdicts(publication)
        if changes is not None:
            if memory.publication is not None:
                told = set(memory.flips)
                flips = [found for change, found in changes.items() if change not in told]
            after = replace(after, publication=publication.version, flips=tuple(changes))
    return Look((*failures, *stale, *flips), after)


def _publication(settings: Settings) -> Publication | None:
    try:
        return current(settings.published_dir)
    except PublicationError:
        # the next publication replaces it
        return None
