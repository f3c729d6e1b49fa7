"""`status`: what the person on call wants to know first, in one screen.

Belongs here: reading the publication, the Dagster instance and the schedules, and their wording.
Does not belong here: mending anything; nothing is written, made or fetched.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from orchestration.defs.publishing.publication import Publication, current
from orchestration.layout import plain
from orchestration.settings import Settings
from orchestration.verbs import FAILED, OK, Verbs


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("status", help="data as of, last runs, open incidents, next ticks")
    parser.set_defaults(do=_status)


def _status(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Print it; the code is 0 when something is published and the last run succeeded."""
    now = datetime.now(UTC)
    publication = current(settings.published_dir)
    for line in _publication_lines(settings, publication, now):
        print(line)
    has_failed = False
    for position, (outcome, line) in enumerate(_runs(settings, now)):
        has_failed |= position == 0 and outcome in ("FAILURE", "CANCELED")
        print(_labelled("last runs" if position == 0 else "", line))
    for position, line in enumerate(_ticks(now)):
        print(_labelled("next ticks" if position == 0 else "", line))
    return FAILED if publication is None or has_failed else OK


def _publication_lines(
    settings: Settings, publication: Publication | None, now: datetime
) -> Iterator[str]:
    if publication is None:
        yield _labelled("published", f"nothing in {settings.published_dir} yet: make run")
        return
    age = _ago(datetime.fromisoformat(publication.published_at), now)
    yield _labelled("published", f"{publication.version}, {age}, run {publication.facts.run_id}")
    as_of = publication.facts.data_as_of
    shown = ", ".join(f"{mic} {day}" for mic, day in sorted(as_of.items()))
    yield _labelled("data as of", shown or "no session")
    for position, line in enumerate(_incidents(publication)):
        yield _labelled("incidents" if position == 0 else "", line)


def _incidents(publication: Publication) -> Iterator[str]:
    """Yield a line for each symbol with quarantined bars that no correction replaces."""
    import duckdb

    with duckdb.connect(str(publication.database), read_only=True) as connection:
        rows = connection.execute(
            """
            select symbol, reason, count(*), max(session_date)
            from price_incidents
            where is_quarantined and corrected_close is null
            group by symbol, reason
            order by max(session_date) desc, symbol, reason
            """
        ).fetchall()
    if not rows:
        yield "none open"
    for symbol, reason, count, last in rows:
        yield f"{symbol}: {count} {reason}, the last of {last}"


def _runs(settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield outcome and wording of the last three runs, newest first."""
    import dagster as dg

    if not (settings.dagster_home / "dagster.yaml").exists():
        yield "", "none yet"
        return
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        records = instance.get_run_records(limit=3)
        if not records:
            yield "", "none yet"
        for record in records:
            run = record.dagster_run
            trigger = run.tags.get("dagster/schedule_name") or run.tags.get("aftershock/trigger")
            words = [run.status.value, _ago(record.create_timestamp, now), run.run_id]
            yield run.status.value, ", ".join([*words, *([trigger] if trigger else [])])


def _ticks(now: datetime) -> Iterator[str]:
    """Yield the next tick of each schedule; whether a daemon will make it is not known here."""
    from zoneinfo import ZoneInfo

    import dagster as dg
    from cronsim import CronSim

    from orchestration.defs.automation import schedules

    for schedule in vars(schedules).values():
        if not isinstance(schedule, dg.ScheduleDefinition):
            continue
        zone = ZoneInfo(schedule.execution_timezone or "UTC")
        for tick in islice(CronSim(str(schedule.cron_schedule), now.astimezone(zone)), 1):
            yield f"{tick:%a %Y-%m-%d %H:%M} {zone}, {schedule.name}"


def _ago(moment: datetime, now: datetime) -> str:
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes ago"
    return f"{minutes // 60} hours ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def _labelled(label: str, text: str) -> str:
    return f"{label:<11} {plain(text)}"
