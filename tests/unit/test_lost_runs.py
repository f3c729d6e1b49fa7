"""A run whose process died is told from one that lives, that ended, or that has only begun."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.automation.lost_runs import fail_lost_runs
from orchestration.defs.publishing.lock import WarehouseLock, sign_of_life
from orchestration.settings import ROOT, Settings, load_settings
from orchestration.warehouse_lock import hold, is_abandoned, release

DYING = """
import os, sys
from pathlib import Path
from orchestration.warehouse_lock import hold
hold(Path(sys.argv[1]), sys.argv[2], 5)
os._exit(9)
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path))
    return load_settings()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def _run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    @dg.job
    def nothing() -> None: ...

    run = instance.create_run_for_job(nothing, status=status)
    return run.run_id


def _die(sign: Path, run_id: str) -> None:
    command = [sys.executable, "-c", DYING, str(sign), run_id]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9


def test_only_a_started_run_whose_process_died_is_lost(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    started, ended = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS
    dead, living, begins, over = (
        _run(instance, status) for status in (started, started, started, ended)
    )
    signs = {run_id: sign_of_life(settings, run_id) for run_id in (dead, living, begins, over)}
    hold(signs[living], living, timeout=0)
    for run_id in (dead, over):
        _die(signs[run_id], run_id)
    # made, and not yet locked
    signs[begins].touch()

    assert fail_lost_runs(settings, instance) == [dead]
    assert fail_lost_runs(settings, instance) == []
    statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses == {
        dead: dg.DagsterRunStatus.FAILURE,
        **dict.fromkeys((living, begins), started),
        over: ended,
    }
    assert sorted(path for path in signs.values() if path.exists()) == sorted(
        (signs[living], signs[begins])
    )
    release(signs[living], living)


def test_every_run_with_the_lock_shows_that_it_lives_from_its_first_step(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    seen: list[bool] = []

    @dg.op
    def first(context: dg.OpExecutionContext) -> None:
        sign = sign_of_life(settings, context.run_id)
        seen.append(sign.stat().st_size > 0 and not is_abandoned(sign))

    @dg.op(required_resource_keys={"warehouse_lock"}, ins={"after": dg.In(dg.Nothing)})
    def last() -> None:
        raise dg.Failure("a run that fails is over as well")

    @dg.job(resource_defs={"warehouse_lock": WarehouseLock()}, executor_def=dg.in_process_executor)
    def work() -> None:
        last(first())

    done = work.execute_in_process(instance=instance, raise_on_error=False)
    assert not done.success
    assert seen == [True]
    # until its process ends, which is after its record is written
    assert not is_abandoned(sign_of_life(settings, done.run_id))
    assert fail_lost_runs(settings, instance) == []


def test_a_run_id_is_never_a_path(settings: Settings) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        sign_of_life(settings, "../../somewhere")
