"""Who may write the warehouse: one run at a time, from the build to the publication.

Belongs here: taking, naming and giving back a lock. Does not belong here: what is done
while it is held. The lock is the kernel's (`flock`) on an open file, so a process that dies in
any way gives it back; the text in the file only tells a person who holds it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_log = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_REMIND_SECONDS = 60.0


class WarehouseBusyError(RuntimeError):
    """Another run held the warehouse for longer than the timeout. Names the holder."""


@dataclass(frozen=True)
class _Held:
    owner: str
    descriptor: int
    pid: int


_held: dict[Path, _Held] = {}
_guard = threading.Lock()


def hold(
    path: Path,
    owner: str,
    timeout: float,
    report: Callable[[str], object] = _log.warning,
) -> None:
    """Take the lock, or keep it when this process already holds it for the same owner.

    It stays held until `release` or the end of the process, also across functions and threads.

    Args:
        path: the lock file; made, with its folder, when absent, and never deleted.
        owner: the run id.
        timeout: seconds to wait for another holder; 0 tries once.
        report: called with one line when waiting begins, and again every minute.

    Raises:
        WarehouseBusyError: the holder did not finish in time.
        OSError: the disk refuses the note; names the file.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    remind = began
    while not _take(path, owner):
        now = time.monotonic()
        waited = now - began
        if waited >= timeout:
            raise WarehouseBusyError(
                f"run {owner} cannot write the warehouse: {path} is held by {_holder(path)}. "
                f"Waited {waited:.0f} s. Let that run finish or end its process, then start "
                "again; AFTERSHOCK_LOCK_TIMEOUT_SECONDS sets how long to wait."
            )
        if now >= remind:
            report(
                f"run {owner} waits up to {timeout - waited:.0f} s for the warehouse: "
                f"{path} is held by {_holder(path)}"
            )
            remind = now + _REMIND_SECONDS
        time.sleep(min(_POLL_SECONDS, timeout - waited))


def release(path: Path, owner: str) -> bool:
    """Give the lock back; return False when this process does not hold it for `owner`."""
    path = path.resolve()
    with _guard:
        held = _held.get(path)
        if held is None or held.owner != owner or held.pid != os.getpid():
            return False
        del _held[path]
        os.ftruncate(held.descriptor, 0)
        # Closing alone would leave the lock with a forked child that shares the descriptor.
        fcntl.flock(held.descriptor, fcntl.LOCK_UN)
        os.close(held.descriptor)
        return True


def is_held_by(path: Path, owner: str) -> bool:
    """Tell whether this process holds the lock for `owner`."""
    held = _held.get(path.resolve())
    return held is not None and held.owner == owner and held.pid == os.getpid()


def is_abandoned(path: Path) -> bool:
    """Tell whether a process died holding the lock: its name stands there, and the lock is free."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # empty: given back, or just made by one who is about to take it
        return os.fstat(descriptor).st_size > 0
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)


def _take(path: Path, owner: str) -> bool:
    with _guard:
        held = _held.get(path)
        # A forked child inherits this table, but the lock is its parent's.
        if held is not None and held.pid == os.getpid():
            return held.owner == owner
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        note = {
            "pid": os.getpid(),
            "run_id": owner,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(note).encode(), 0)
            # the name has to outlive a power cut: see `is_abandoned`
            os.fsync(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise OSError(error.errno, error.strerror, str(path)) from error
        _held[path] = _Held(owner, descriptor, os.getpid())
        return True


def _holder(path: Path) -> str:
    try:
        note = json.loads(path.read_text())
        return f"process {note['pid']}, run {note['run_id']}, since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has not written its name yet"
