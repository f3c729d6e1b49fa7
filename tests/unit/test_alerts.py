"""Alerts: what is told, once for each change, to a sink that may fail."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.defs.alerts.alert import Alert, alert, body, subject
from orchestration.defs.alerts.conditions import last_tick
from orchestration.defs.alerts.memory import Memory, recall, remember
from orchestration.defs.alerts.runs import EndedRun, fold
from orchestration.defs.alerts.sensors import alerts, tell
from orchestration.defs.automation.schedules import after_frankfurt_close, after_new_york_close
from orchestration.defs.publishing.publication import Facts, Publication, Table, write_manifest
from tests.receivers import sink_settings, webhook

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SECRET = "canary-of-the-sink"  # noqa: S105 - it opens nothing
HOSTILE = "Nvidia\r\nBcc: all@example.org\x1b[2J\u202e <!channel> `rm` <b>&</b>"
A, B = alert("run_failure", "a", "a broke"), alert("check_failure", "b", "b did not pass")


def _failed(*failures: Alert, passed: frozenset[str] = frozenset()) -> EndedRun:
    return EndedRun(1.0, False, failures, (), passed)


def _succeeded() -> EndedRun:
    return EndedRun(1.0, True)


@pytest.mark.parametrize(
    ("runs", "before", "told", "lasting"),
    [
        ([_failed(A)], (), [A], (A.key,)),
        ([_failed(A)], (A.key,), [], (A.key,)),
        ([_failed(A), _failed(A)], (), [A], (A.key,)),
        # another failure is news beside it
        ([_failed(A), _failed(A, B)], (), [A, B], (A.key, B.key)),
        # a success ends all, and the next failure is news again, even between two looks
        ([_failed(A), _succeeded(), _failed(A)], (), [A, A], (A.key,)),
        ([_succeeded()], (A.key, B.key), [], ()),
        # a check that passes in a run that fails elsewhere can fail anew
        ([_failed(A, passed=frozenset({B.key})), _failed(B)], (B.key,), [A, B], (A.key, B.key)),
        ([], (A.key,), [], (A.key,)),
    ],
)
def test_a_failure_is_told_once_while_it_lasts(
    runs: list[EndedRun], before: tuple[str, ...], told: list[Alert], lasting: tuple[str, ...]
) -> None:
    assert fold(runs, before) == (told, lasting)


def test_text_from_outside_is_one_plain_line() -> None:
    hostile = alert("verdict_flip", HOSTILE, HOSTILE * 100)
    assert hostile.text.isprintable()
    assert hostile.key.isprintable()
    assert len(hostile.text) == 1000
    assert body([hostile] * 3).count("\n") == 2


def test_many_alerts_are_one_message() -> None:
    many = [A, *[alert("verdict_flip", str(n), f"flip {n}") for n in range(99)]]
    assert subject(many) == "Aftershock: 1 run failure, 99 changed verdicts"
    lines = body(many).splitlines()
    assert lines[0] == "run failure: a broke"
    assert (len(lines), lines[-1]) == (51, "and 50 more")


def test_memory_is_what_was_remembered_and_damage_is_a_fresh_start(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    assert recall(path) is None
    memory = Memory(1.5, (A.key,), ("stale_data:XNYS",), 2.5, "v1", ("x|1",), True)
    remember(path, memory)
    assert recall(path) == memory
    for damaged in ("{", "[]", '{"unknown": 1}', '"text"'):
        path.write_text(damaged)
        assert recall(path) is None


@pytest.mark.parametrize(
    ("until", "tick"),
    [
        # Monday evening: both have ticked
        ("2025-01-27T23:00:00+00:00", "2025-01-27T21:45:00+00:00"),
        # between the two
        ("2025-01-27T18:00:00+00:00", "2025-01-27T17:15:00+00:00"),
        # a weekend belongs to Friday
        ("2025-01-26T12:00:00+00:00", "2025-01-24T21:45:00+00:00"),
        # the minute itself is not yet over
        ("2025-01-27T21:45:00+00:00", "2025-01-27T17:15:00+00:00"),
    ],
)
def test_the_last_tick(until: str, tick: str) -> None:
    found = last_tick((after_new_york_close, after_frankfurt_close), datetime.fromisoformat(until))
    assert found == datetime.fromisoformat(tick)


class World:
    """A small job under the real one's name, on an instance of its own."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.is_check_good = self.is_step_good = True

        @dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="marts", blocking=True)])
        def marts() -> dg.MaterializeResult:
            result = dg.AssetCheckResult(
                check_name="holds", passed=self.is_check_good, description=HOSTILE
            )
            return dg.MaterializeResult(check_results=[result])

        @dg.asset(deps=[marts])
        def last() -> None:
            if not self.is_step_good:
                raise ValueError(f"disk full {HOSTILE}")

        selection = dg.AssetSelection.all()
        self._job = dg.Definitions(
            [marts, last], jobs=[dg.define_asset_job("market_events", selection)]
        ).resolve_job_def("market_events")

    def run(self, *, check: bool = True, step: bool = True, **tags: str) -> None:
        self.is_check_good, self.is_step_good = check, step
        self._job.execute_in_process(
            instance=self.instance,
            raise_on_error=False,
            tags={name.replace("__", "/"): value for name, value in tags.items()},
        )


@pytest.fixture
def world() -> Iterator[World]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield World(instance)


LOG = logging.getLogger("test")


def _kinds(posted: dict[str, object]) -> list[str]:
    found = posted["alerts"]
    assert isinstance(found, list)
    return [entry["key"] for entry in found]


def test_failures_of_real_runs_are_told_once_for_each_change(tmp_path: Path, world: World) -> None:
    with webhook() as hook:
        settings = sink_settings(tmp_path / "data", AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url)

        def told() -> list[list[str]]:
            tell(settings, world.instance, datetime.now(UTC), LOG)
            found = [_kinds(posted) for posted in hook.posted]
            hook.posted.clear()
            return found

        assert told() == []
        world.run()
        assert told() == []
        world.run(step=False)
        assert told() == [["run_failure:last"]]
        assert told() == []
        world.run(step=False)
        assert told() == []
        world.run(check=False)
        assert told() == [["run_failure:marts", "check_failure:marts:holds"]]
        world.run()
        world.run(check=False)
        assert told() == [["run_failure:marts", "check_failure:marts:holds"]]
        world.run()
        assert told() == []
        # it will be tried again, which decides
        world.run(step=False, dagster__will_retry="true")
        assert told() == []
        world.run(step=False)
        assert told() == [["run_failure:last"]]


def test_a_failing_sink_costs_nothing_but_the_wait_and_says_so_once(
    tmp_path: Path, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with webhook() as hook:
        settings = sink_settings(tmp_path / "data", AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url)
        hook.status = 500
        world.run(step=False)
        for _ in range(3):
            reason = tell(settings, world.instance, datetime.now(UTC), LOG)
            assert reason.startswith("1 alerts wait: AFTERSHOCK_ALERT_WEBHOOK_URL")
        assert hook.requests == 3
        assert len(caplog.messages) == 1
        # what happens meanwhile is told with it
        world.run(check=False)
        hook.status = 204
        tell(settings, world.instance, datetime.now(UTC), LOG)
        (posted,) = hook.posted
        assert _kinds(posted) == ["run_failure:marts", "check_failure:marts:holds"]
        assert all("Bcc" in entry["text"] for entry in posted["alerts"][1:])
        # and the next failure of the sink is said again
        hook.status = 500
        world.run()
        world.run(step=False)
        tell(settings, world.instance, datetime.now(UTC), LOG)
        assert len(caplog.messages) == 2


def _publish(data_dir: Path, version: str, flips: list[str]) -> None:
    folder = data_dir / "published" / "versions" / version
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute(
            "create table verdict_changes "
            "(verdict_change_id varchar, claim_id varchar, correction_note varchar)"
        )
        for flip in flips:
            connection.execute(
                "insert into verdict_changes values (?, ?, ?)", [flip, flip[:-2], HOSTILE]
            )
    facts = Facts("inputs", "run", "revision", {})
    tables = {"verdict_changes": Table(len(flips), "x")}
    write_manifest(Publication(version, folder, "x", "2025-01-27", facts, tables), folder)
    current = data_dir / "published" / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(folder)


def test_a_verdict_that_flips_is_told_once(tmp_path: Path, world: World) -> None:
    with webhook() as hook:
        settings = sink_settings(tmp_path / "data", AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url)

        def told(version: str, flips: list[str]) -> list[list[str]]:
            _publish(settings.data_dir, version, flips)
            for _ in range(2):
                tell(settings, world.instance, datetime.now(UTC), LOG)
            found = [_kinds(posted) for posted in hook.posted]
            hook.posted.clear()
            return found

        # what had changed before anybody listened is history
        assert told("v1", ["nvda|1"]) == []
        assert told("v2", ["aapl|1", "nvda|1"]) == [["verdict_flip:aapl|1"]]
        assert told("v3", ["aapl|1", "nvda|1"]) == []
        # and back
        assert told("v4", ["aapl|1", "aapl|2", "nvda|1"]) == [["verdict_flip:aapl|2"]]


def test_what_cannot_be_read_keeps_no_other_alert_back(tmp_path: Path, world: World) -> None:
    with webhook() as hook:
        settings = sink_settings(tmp_path / "data", AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url)
        _publish(settings.data_dir, "v1", [])
        (settings.published_dir / "versions" / "v1" / "marts.duckdb").write_bytes(b"torn" * 5000)
        for folder in ("instruments", "trading_sessions"):
            (settings.landing_dir / folder).mkdir(parents=True)
            torn = "20250127T000000000000Z-reference-0123456789abcdef.parquet"
            (settings.landing_dir / folder / torn).write_bytes(b"torn")
        world.run(step=False)
        for _ in range(2):
            tell(settings, world.instance, datetime.now(UTC), LOG)
    (posted,) = hook.posted
    assert _kinds(posted) == ["run_failure:last", "stale_data:unreadable"]


def test_the_sensor_starts_no_run_and_says_what_it_did(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    world.run(step=False)
    said = []
    for _ in range(2):
        with dg.build_sensor_context(instance=world.instance) as context:
            outcome = alerts(context)
        assert isinstance(outcome, dg.SkipReason)
        said.append(outcome.skip_message)
    assert said == ["told log: Aftershock: 1 run failure", "nothing new to tell"]
    assert json.loads((tmp_path / "data" / "alerts.json").read_text())["open"] == [
        "run_failure:last"
    ]
