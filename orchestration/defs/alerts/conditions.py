"""Stale exchanges and changed verdicts: what is so, read from landing and the publication.

Belongs here: turning what other modules found into alerts. Does not belong here: computing it;
freshness is `prices`' and changed verdicts are a mart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.defs.alerts.alert import Alert, alert
from orchestration.defs.prices.checks import bars_freshness
from orchestration.defs.prices.freshness import GRACE
from orchestration.defs.prices.inputs import InputError
from orchestration.defs.prices.provider import ProviderUnusableError, load_provider
from orchestration.defs.publishing.publication import Publication
from orchestration.landing import LandingError
from orchestration.settings import Settings

# as long as the job may take
JOB_TAKES = timedelta(hours=1)


def stale_exchanges(
    settings: Settings, schedules: Iterable[dg.ScheduleDefinition], now: datetime
) -> list[Alert]:
    """Return an alert for each exchange whose bars are behind although a tick could have had them.

    A session counts when it closed before a tick whose job must be over; between the close in
    Tokyo and the first tick of the day nobody is late.
    """
    import duckdb

    tick = last_tick(schedules, now - JOB_TAKES)
    try:
        provider_of = cache(partial(load_provider, settings))
        exchanges = bars_freshness(settings, provider_of, min(now, tick + GRACE))
    except InputError:
        # before the first run there is nothing that could be old
        return []
    except (LandingError, ProviderUnusableError, duckdb.Error, OSError) as error:
        # the other alerts must not wait for what cannot be read
        return [alert("stale_data", "unreadable", f"how old the bars are cannot be read: {error}")]
    return [
        alert(
            "stale_data",
            exchange.mic,
            f"{exchange.mic} has no bar of {exchange.due} yet for "
            + ", ".join(f"{symbol} ({count} behind)" for symbol, count in exchange.behind.items()),
        )
        for exchange in exchanges
        if exchange.behind
    ]


def last_tick(schedules: Iterable[dg.ScheduleDefinition], until: datetime) -> datetime:
    """Return the last moment before another at which any of the schedules ticks."""
    from cronsim import CronSim

    return max(
        next(
            CronSim(
                str(schedule.cron_schedule),
                until.astimezone(ZoneInfo(schedule.execution_timezone or "UTC")),
                reverse=True,
            )
        )
        for schedule in schedules
    )


def changed_verdicts(publication: Publication) -> dict[str, Alert] | None:
    """Return an alert for each changed verdict of a publication, by the id of the change.

    None when its file cannot be read, or is of a version that had no such mart.
    """
    import duckdb

    try:
        with duckdb.connect(str(publication.database), read_only=True) as connection:
            rows = connection.execute(
                "select verdict_change_id, claim_id, correction_note from verdict_changes "
                "order by verdict_change_id"
            ).fetchall()
    except duckdb.Error:
        return None
    return {
        change: alert("verdict_flip", change, f"{claim}: {note}") for change, claim, note in rows
    }
