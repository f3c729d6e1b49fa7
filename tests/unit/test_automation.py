"""The schedules tick when they should, and the sensor asks for one run per state of the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration.defs.automation.schedules import after_frankfurt_close, after_new_york_close
from orchestration.defs.automation.sensors import news_inbox


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path))
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def _tick(
    instance: dg.DagsterInstance, cursor: str | None
) -> tuple[dg.RunRequest | dg.SkipReason, str | None]:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    outcome = news_inbox(context)
    assert isinstance(outcome, dg.RunRequest | dg.SkipReason)
    return outcome, context.cursor


def test_an_empty_or_absent_inbox_asks_for_nothing(
    inbox: Path, instance: dg.DagsterInstance
) -> None:
    assert isinstance(_tick(instance, None)[0], dg.SkipReason)
    inbox.rmdir()
    assert isinstance(_tick(instance, None)[0], dg.SkipReason)


def test_a_dropped_file_asks_for_one_run_and_a_changed_one_for_another(
    inbox: Path, instance: dg.DagsterInstance
) -> None:
    (inbox / "article.md").write_text("first")
    first, cursor = _tick(instance, None)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(_tick(instance, cursor)[0], dg.SkipReason)
    (inbox / "article.md").write_text("first, and more")
    second, _ = _tick(instance, cursor)
    assert isinstance(second, dg.RunRequest)
    assert second.run_key != first.run_key


@pytest.mark.parametrize(
    ("schedule", "calendar"),
    [(after_new_york_close, "XNYS"), (after_frankfurt_close, "XETR")],
)
def test_every_session_has_settled_when_its_tick_comes(
    schedule: dg.ScheduleDefinition, calendar: str
) -> None:
    import exchange_calendars

    minute, hour, *_, weekdays = str(schedule.cron_schedule).split()
    assert weekdays == "1-5"
    zone = ZoneInfo(str(schedule.execution_timezone))
    sessions = exchange_calendars.get_calendar(calendar, start="2024-01-01", end="2025-12-31")
    assert len(sessions.closes) > 500
    for day, close in sessions.closes.items():
        tick = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)
        # after the half hour that a bar is given to settle, and before the day is over
        assert tick - close > timedelta(minutes=30), day
        assert tick - close < timedelta(hours=5), day
