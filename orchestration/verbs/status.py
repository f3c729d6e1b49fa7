"""`status`: what the person on call wants to know first, in one screen.

Belongs here: reading the publication, the Dagster instance and the schedules, and their wording.
Does not belong here: mending anything; nothing is written, made or fetched.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from orchestration.defs.publishing.publication import Publication, current
from orchestration.defs.report.folder import has_report
from orchestration.layout import plain
from orchestration.settings import Settings
from orchestration.verbs import FAILED, OK, Verbs

if TYPE_CHECKING:
    import dagster as dg

MOST_CHANGES = 3
# The daemon writes twice a minute.
_SILENCE = timedelta(minutes=5)


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("status", help="data as of, incidents, last runs, checks, next ticks")
    parser.set_defaults(do=_status)


def _status(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Print it; the code is 0 when something is published and the last run succeeded."""
    now = datetime.now(UTC)
    publication = current(settings.published_dir)
    for line in _publication_lines(settings, publication, now):
        print(line)
    runs = list(_runs(settings, now))
    for label, lines in (
        ("last runs", [line for _, line in runs]),
        ("checks", _failed_checks(settings)),
        ("alerts", _alerts(settings)),
        ("daemon", [_daemon(settings, now)]),
        ("next ticks", _ticks(now)),
    ):
        for line in _under(label, lines):
            print(line)
    has_failed = runs[0][0] in ("FAILURE", "CANCELED")
    return FAILED if publication is None or has_failed else OK


def _publication_lines(
    settings: Settings, publication: Publication | None, now: datetime
) -> Iterator[str]:
    if publication is None:
        yield _labelled("published", f"nothing in {settings.published_dir} yet: make run")
        return
    age = _ago(datetime.fromisoformat(publication.published_at), now)
    yield _labelled("published", f"{publication.version}, {age}, run {publication.facts.run_id}")
    if not has_report(settings.published_dir, publication):
        yield _labelled("report", "not that of this version: the next run makes it")
    as_of = publication.facts.data_as_of
    shown = ", ".join(f"{mic} {day}" for mic, day in sorted(as_of.items()))
    yield _labelled("data as of", shown or "no session")
    yield from _under("incidents", _incidents(publication))
    yield from _under("disagree", _disagreements(publication))
    yield from _under("verdicts", _changed_verdicts(publication))


def _incidents(publication: Publication) -> Iterator[str]:
    """Yield a line for each symbol with quarantined bars that no correction replaces."""
    rows = _rows(
        publication,
        """
        select symbol, reason, count(*), max(session_date)
        from price_incidents
        where is_quarantined and corrected_close is null
        group by symbol, reason
        order by max(session_date) desc, symbol, reason
        """,
    )
    if not rows:
        yield "none open"
    for symbol, reason, count, last in rows:
        yield f"{symbol}: {count} {reason}, the last of {last}"


def _disagreements(publication: Publication) -> Iterator[str]:
    """Yield a line for each symbol on whose bars providers disagree, with the newest in words."""
    rows = _rows(
        publication,
        """
        select symbol, count(*), max(session_date), arg_max(detail, session_date)
        from price_incidents
        where reason = 'provider_disagreement'
        group by symbol
        order by max(session_date) desc, symbol
        """,
    )
    if not rows:
        yield "none between providers"
    for symbol, count, last, detail in rows:
        yield f"{symbol}: {count}, the last of {last}: {detail}"


def _changed_verdicts(publication: Publication) -> Iterator[str]:
    """Yield the verdicts that were changed last, newest first."""
    rows = _rows(
        publication,
        """
        select claim_id, old_verdict, new_verdict, cause
        from verdict_changes
        order by old_version desc, change_number desc, claim_id
        """,
    )
    if not rows:
        yield "none has changed"
    for claim, old, new, cause in rows[:MOST_CHANGES]:
        yield f"{claim}: {old}, now {new} ({cause})"
    if len(rows) > MOST_CHANGES:
        yield f"and {len(rows) - MOST_CHANGES} before"


def _rows(publication: Publication, sql: str) -> list[tuple[Any, ...]]:
    import duckdb

    with duckdb.connect(str(publication.database), read_only=True) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return rows


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance | None]:
    """Yield the Dagster instance, or None before the first run."""
    import dagster as dg

    if not (settings.dagster_home / "dagster.yaml").exists():
        yield None
        return
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        yield instance


def _runs(settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield outcome and wording of the last three runs, newest first; one line at least."""
    with _instance(settings) as instance:
        records = instance.get_run_records(limit=3) if instance else []
        if not records:
            yield "", "none yet"
        for record in records:
            run = record.dagster_run
            trigger = run.tags.get("dagster/schedule_name") or run.tags.get("aftershock/trigger")
            words = [run.status.value, _ago(record.create_timestamp, now), run.run_id]
            yield run.status.value, ", ".join([*words, *([trigger] if trigger else [])])


def _failed_checks(settings: Settings) -> Iterator[str]:
    """Yield the checks of the last run that did not pass, and whether they stopped it."""
    import dagster as dg

    with _instance(settings) as instance:
        records = instance.get_run_records(limit=1) if instance else []
        if instance is None or not records:
            return
        failed = [
            check
            for entry in instance.all_logs(
                records[0].dagster_run.run_id,
                of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION,
            )
            if entry.dagster_event is not None
            and isinstance(
                check := entry.dagster_event.event_specific_data, dg.AssetCheckEvaluation
            )
            and not check.passed
        ]
    if not failed:
        yield "all of the last run passed"
    for check in failed:
        kind = "stops publication" if check.severity is dg.AssetCheckSeverity.ERROR else "warning"
        yield f"{check.asset_key.to_user_string()} {check.check_name}: {kind}"


def _alerts(settings: Settings) -> Iterator[str]:
    from orchestration.defs.alerts.memory import recall

    memory = recall(settings.alerts_path)
    if memory is None:
        yield "none looked for yet"
    elif memory.is_sink_failing:
        yield f"wait: the sink {settings.alert_sink} did not take them"
    else:
        lasting = [*memory.open, *memory.stale]
        yield f"told and lasting: {', '.join(lasting)}" if lasting else "nothing lasts"


def _daemon(settings: Settings, now: datetime) -> str:
    """Return when the daemon was last heard; without it no tick is made."""
    with _instance(settings) as instance:
        beats = instance.get_daemon_heartbeats().values() if instance else ()
        heard = max((beat.timestamp for beat in beats), default=None)
    if heard is None:
        return "never heard: no tick is made until make serve"
    moment = datetime.fromtimestamp(heard, UTC)
    is_alive = now - moment < _SILENCE
    return f"heard {_ago(moment, now)}" + ("" if is_alive else ": ticks wait for make serve")


def _ticks(now: datetime) -> Iterator[str]:
    """Yield the next tick of each schedule."""
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


def _under(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with the label before the first."""
    for position, line in enumerate(lines):
        yield _labelled("" if position else label, line)


def _labelled(label: str, text: str) -> str:
    return f"{label:<11} {plain(text)}"
