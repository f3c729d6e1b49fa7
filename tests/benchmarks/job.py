"""`make bench`: the whole job against `dbt build` of the same project alone, and runs after it.

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
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.conftest import ROOT, Deployment

RECORDED = ROOT / "data" / "recorded"
BARS = "daily_bars.parquet"


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
        "the job, one new session": [],
        "the job, nothing new": [],
        "the first job ever": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            deployment = _prepared(Path(folder) / str(number))
            job = deployment.command("run")
            figures = {"the first job ever": _timed(job, deployment.environment)}
            # the schedule's usual case: yesterday's landing, one more session at the provider
            _record(deployment, RECORDED)
            figures["the job, one new session"] = _timed(job, deployment.environment)
            figures["the job, nothing new"] = _timed(job, deployment.environment)
            figures["dbt build alone"] = _timed(_dbt(deployment), deployment.environment)
            if number:  # the first round warms the file cache
                for name, figure in figures.items():
                    measured[name].append(figure)
    print(f"{rounds} rounds after one to warm up, {os.cpu_count()} cores; medians in seconds")
    base = statistics.median(wall for wall, _ in measured["dbt build alone"])
    job_wall = statistics.median(wall for wall, _ in measured["the job, one new session"])
    for name, each in measured.items():
        wall = statistics.median(wall for wall, _ in each)
        cpu = statistics.median(cpu for _, cpu in each)
        print(
            f"{name:26} wall {wall:6.2f}  cpu {cpu:6.2f}  "
            f"{wall / base:5.2f} x dbt build  {wall / job_wall:5.2f} x the job"
        )


def _prepared(folder: Path) -> Deployment:
    """Return a deployment with a manifest, as after installation, and without the last session."""
    deployment = Deployment(folder / "data", ROOT / "data" / "reference", folder / "recorded")
    shutil.copytree(RECORDED, deployment.recorded_dir)
    bars = pq.read_table(RECORDED / BARS)
    last = pc.max(bars["session_date"])
    pq.write_table(bars.filter(pc.less(bars["session_date"], last)), deployment.recorded_dir / BARS)
    subprocess.run(deployment.command("manifest"), cwd=ROOT, env=deployment.environment, check=True)
    return deployment


def _record(deployment: Deployment, source: Path) -> None:
    """Let the recorded provider serve all of its bars."""
    shutil.copyfile(source / BARS, deployment.recorded_dir / BARS)


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
