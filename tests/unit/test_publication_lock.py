"""The warehouse lock: one writer, named, and free again when its process is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration.settings import ROOT
from orchestration.warehouse_lock import WarehouseBusyError, hold, is_held_by, release

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.warehouse_lock import hold
hold(Path(sys.argv[1]), sys.argv[2], 5)
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def holder(lock: Path, run_id: str) -> Iterator[subprocess.Popen[str]]:
    """A real process that holds the lock until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock), run_id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "held\n"
            yield child
        finally:
            child.kill()


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "data" / "warehouse.lock"
    yield path
    for owner in ("run-a", "run-b"):
        release(path, owner)


def test_it_is_held_for_one_run_and_taken_again_by_the_same_run(lock: Path) -> None:
    hold(lock, "run-a", timeout=0)
    hold(lock, "run-a", timeout=0)
    assert is_held_by(lock, "run-a")
    assert not is_held_by(lock, "run-b")
    assert release(lock, "run-a")
    assert not release(lock, "run-a")
    assert not is_held_by(lock, "run-a")


def test_another_run_of_the_same_process_is_refused_until_release(lock: Path) -> None:
    hold(lock, "run-a", timeout=0)
    with pytest.raises(WarehouseBusyError, match="run run-a"):
        hold(lock, "run-b", timeout=0)
    assert not release(lock, "run-b")
    release(lock, "run-a")
    hold(lock, "run-b", timeout=0)
    assert is_held_by(lock, "run-b")


def test_the_file_names_its_holder_and_is_empty_when_free(lock: Path) -> None:
    hold(lock, "run-a", timeout=0)
    note = json.loads(lock.read_text())
    assert (note["pid"], note["run_id"]) == (os.getpid(), "run-a")
    assert note["since"].endswith("+00:00")
    release(lock, "run-a")
    assert lock.read_text() == ""


def test_a_second_process_is_told_who_holds_it_and_gives_up_in_time(lock: Path) -> None:
    lines: list[str] = []
    with holder(lock, "run-a") as child:
        began = time.monotonic()
        with pytest.raises(WarehouseBusyError) as caught:
            hold(lock, "run-b", timeout=0.5, report=lines.append)
        waited = time.monotonic() - began
    assert 0.5 <= waited < 2
    assert len(lines) == 1
    for text in (lines[0], str(caught.value)):
        assert f"process {child.pid}, run run-a, since 20" in text
    assert "AFTERSHOCK_LOCK_TIMEOUT_SECONDS" in str(caught.value)


def test_a_killed_holder_frees_it_for_the_one_who_waits(lock: Path) -> None:
    with holder(lock, "run-a") as child:
        timer = threading.Timer(0.3, child.send_signal, [signal.SIGKILL])
        timer.start()
        began = time.monotonic()
        hold(lock, "run-b", timeout=20)
        assert 0.2 < time.monotonic() - began < 5
        timer.join()
    assert json.loads(lock.read_text())["run_id"] == "run-b"


def test_a_forked_child_neither_owns_it_nor_keeps_it_after_release(lock: Path) -> None:
    hold(lock, "run-a", timeout=0)
    child = subprocess.Popen(["sleep", "30"], pass_fds=open_descriptors(lock))
    try:
        release(lock, "run-a")
        hold(lock, "run-b", timeout=0)
    finally:
        child.kill()
        child.wait()
    assert is_held_by(lock, "run-b")


def open_descriptors(path: Path) -> list[int]:
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if entry.readlink() == path.resolve():
                found.append(int(entry.name))
        except FileNotFoundError:
            continue
    assert found
    return found


def test_a_holder_without_a_readable_name_is_still_respected(lock: Path) -> None:
    with holder(lock, "run-a"):
        lock.write_text("{")
        with pytest.raises(WarehouseBusyError, match="has not written its name"):
            hold(lock, "run-b", timeout=0)
