"""Whole processes and what they cost: CPU, wall clock and peak memory.

Belongs here: starting, waiting and measuring. Does not belong here: what is started.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

EVERY = 0.02  # seconds between two looks at a process


@dataclass(frozen=True)
class Cost:
    """CPU and wall in seconds, peak resident memory in megabytes, and what was printed."""

    cpu: float
    wall: float
    peak: float
    printed: str = ""


def measured(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Cost:
    """Run a command that must succeed, with its output in `log`, and return its cost."""
    begun = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        peak, (ended, status, used) = 0.0, os.wait4(process.pid, os.WNOHANG)
        while not ended:
            peak = _peak(process.pid) or peak
            time.sleep(EVERY)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    printed = log.read_text()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{printed[-3000:]}\nended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, wall, peak, printed)


def _peak(pid: int) -> float | None:
    """Return the peak resident memory so far; `ru_maxrss` would count the parent's own as well."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None
