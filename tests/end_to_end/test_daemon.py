"""What the daemon makes of faults: missed ticks, a killed run worker, a power cut."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.defs.publishing.lock import sign_of_life
from orchestration.settings import load_settings
from orchestration.warehouse_lock import hold, is_abandoned, release
from tests.conftest import Deployment
from tests.processes import free_port, is_loaded, started, until
from tests.recorded_bars import add_sessions

SCHEDULES = {"after_frankfurt_close", "after_new_york_close"}
WEEK = timedelta(days=7).total_seconds()


@contextmanager
def _instance(deployment: Deployment) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(deployment.data_dir / "dagster_home")) as instance:
        yield instance


def _has_schedules(instance: dg.DagsterInstance) -> bool:
    return {s.instigator_name for s in instance.all_instigator_state()} >= SCHEDULES


def _put_back_by_a_week(instance: dg.DagsterInstance) -> None:
    """Let the scheduler have looked a week ago for the last time: five ticks of each schedule."""
    for state in instance.all_instigator_state():
        if state.instigator_name in SCHEDULES:
            data = state.instigator_data
            assert instance.get_ticks(state.instigator_origin_id, state.selector_id) == []
            before = type(data)(data.cron_schedule, data.start_timestamp - WEEK)
            instance.update_instigator_state(state.with_data(before))


def test_after_missed_ticks_one_run_for_each_schedule_closes_the_gap(
    deployment: Deployment, tmp_path: Path
) -> None:
    daemon = [Path(sys.executable).parent / "dagster-daemon", "run", "-w", "workspace.yaml"]
    days = [date(2025, 3, 21), date(2025, 3, 24), date(2025, 3, 25)]
    recorded = add_sessions(deployment.recorded_dir, days)
    versions = deployment.data_dir / "published" / "versions"
    with _instance(deployment) as instance:
        known = len(instance.get_runs())
        log = tmp_path / "first.log"
        with started(daemon, deployment.environment, log) as process:
            until(lambda: _has_schedules(instance), 120, log)
            os.killpg(process.pid, signal.SIGKILL)
        _put_back_by_a_week(instance)
        log = tmp_path / "second.log"
        with started(daemon, deployment.environment, log):
            until(lambda: sum(run.is_success for run in instance.get_runs()) == known + 2, 400, log)
        runs = instance.get_runs()[:-known]
        assert sorted(run.tags["dagster/schedule_name"] for run in runs) == sorted(SCHEDULES)
        for state in instance.all_instigator_state():
            ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id)
            assert len(ticks) == 1 or state.instigator_name not in SCHEDULES
    landed = deployment.data_dir / "landing" / "daily_bars" / "*.parquet"
    with duckdb.connect() as connection:
        ((rows, bars),) = connection.execute(
            f"select count(*), count(distinct (symbol, session_date)) from '{landed}'"
        ).fetchall()
    assert rows == bars == recorded
    assert deployment.query(
        "select session_date from daily_returns where symbol = 'NVDA' and session_date > ?",
        date(2025, 3, 20),
    ) == [(day,) for day in days]
    # the second run had nothing to add
    assert len(list(versions.iterdir())) == 2


def _attempt(instance: dg.DagsterInstance, number: int) -> dg.DagsterRun | None:
    """Return the run that the inbox asked for, or one of its retries."""
    asked = instance.get_runs(dg.RunsFilter(tags={"aftershock/trigger": "news_inbox"}))
    return asked[-number] if len(asked) >= number else None


def _steps(instance: dg.DagsterInstance, run_id: str) -> set[str]:
    begun = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_START)
    return {str(entry.dagster_event.step_key) for entry in begun if entry.dagster_event}


def test_a_killed_run_worker_and_a_power_cut_cost_no_more_than_a_retry(
    deployment: Deployment, tmp_path: Path
) -> None:
    settings = load_settings(deployment.environment)
    base = f"http://127.0.0.1:{(port := free_port())}"
    serve = [sys.executable, "-m", "orchestration", "serve", "--port", str(port)]
    before = deployment.published_files()
    settings.inbox_dir.mkdir()
    (settings.inbox_dir / "note.txt").write_text("Nothing moved.\n\nNo price changed today.\n")
    with _instance(deployment) as instance:

        def reaches(number: int, step: str) -> Path | None:
            """Return the sign of life of an attempt that is at a step."""
            run = _attempt(instance, number)
            if run is None or step not in _steps(instance, run.run_id):
                return None
            return sign_of_life(settings, run.run_id)

        log = tmp_path / "first.log"
        with started(serve, deployment.environment, log) as process:
            sign = until(lambda: reaches(1, "landing__published_verdicts"), 180, log)
            os.kill(json.loads(sign.read_text())["pid"], signal.SIGKILL)
            sign = until(lambda: reaches(2, "warehouse"), 180, log)
            os.killpg(process.pid, signal.SIGKILL)
        until(lambda: is_abandoned(sign), 10)
        # the lock is free at once, though nobody could give it back
        lock = settings.data_dir / "warehouse.lock"
        hold(lock, "somebody", timeout=0)
        release(lock, "somebody")
        assert deployment.published_files() == before
        log = tmp_path / "second.log"
        with started(serve, deployment.environment, log):
            until(lambda: is_loaded(base), 180, log)
            until(lambda: (last := _attempt(instance, 3)) and last.is_finished, 400, log)
        attempts = [run for n in (1, 2, 3) if (run := _attempt(instance, n)) is not None]
        assert [run.status.value for run in attempts] == ["FAILURE", "FAILURE", "SUCCESS"]
        assert "warehouse" not in _steps(instance, attempts[0].run_id)
        assert _attempt(instance, 4) is None
    assert deployment.query("select count(*) from articles where title = 'Nothing moved.'") == [
        (1,)
    ]
