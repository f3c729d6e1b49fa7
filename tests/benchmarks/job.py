"""`make bench`: the whole job against `dbt build` of the same project alone, and a second run.

Whole processes with a warm file cache, side by side in one session, medians of several rounds;
no thresholds here: the README states the targets and what was measured.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT, Deployment


def _timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return wall and CPU seconds of a command that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    measured: dict[str, list[tuple[float, float]]] = {
        "dbt build alone": [],
        "the whole job": [],
        "the job again, nothing new": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            deployment = Deployment(
                Path(folder) / str(number), ROOT / "data" / "reference", ROOT / "data" / "recorded"
            )
            # the manifest is made at installation, as `make dev` and `make run` do
            subprocess.run(
                deployment.command("manifest"), cwd=ROOT, env=deployment.environment, check=True
            )
            runs: dict[str, Callable[[], tuple[float, float]]] = {
                "the whole job": lambda d=deployment: _timed(d.command("run"), d.environment),
                "the job again, nothing new": lambda d=deployment: _timed(
                    d.command("run"), d.environment
                ),
                "dbt build alone": lambda d=deployment: _timed(_dbt(d), d.environment),
            }
            for name, run in runs.items():
                figures = run()
                if number:  # the first round warms the file cache
                    measured[name].append(figures)
            shutil.rmtree(deployment.data_dir)
    print(f"{rounds} rounds after one to warm up, {os.cpu_count()} cores; medians in seconds")
    base = statistics.median(wall for wall, _ in measured["dbt build alone"])
    first = statistics.median(wall for wall, _ in measured["the whole job"])
    for name, figures in measured.items():
        wall = statistics.median(wall for wall, _ in figures)
        cpu = statistics.median(cpu for _, cpu in figures)
        print(
            f"{name:28} wall {wall:6.2f}  cpu {cpu:6.2f}  "
            f"{wall / base:5.2f} x dbt build  {wall / first:5.2f} x the first run"
        )


def _dbt(deployment: Deployment) -> list[str]:
    return [
        str(Path(sys.executable).with_name("dbt")),
        "--quiet",
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--project-dir",
        "dbt_project",
        "--profiles-dir",
        "dbt_project",
        "--target-path",
        str(deployment.data_dir / "dbt_target"),
        "--log-path",
        str(deployment.data_dir / "dbt_target" / "logs"),
    ]


if __name__ == "__main__":
    main()
