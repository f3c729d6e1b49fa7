"""The command line: `python -m orchestration <verb>`; the Makefile gives each verb a name.

Belongs here: arguments, exit codes, what a person is told. Does not belong here: the work itself,
which is the same Dagster job that the schedules run.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.defs.warehouse.dbt import DbtError, is_current, parse
from orchestration.settings import ROOT, SettingError, Settings, load_settings
from orchestration.study.arguments import add_arguments
from orchestration.study.command import StudyError, run_study
from orchestration.study.folders import FolderError
from orchestration.warehouse_lock import WarehouseBusyError, hold, release

OK, FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 the run failed, 2 it could not start."""
    parser = argparse.ArgumentParser(prog="python -m orchestration")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="the scheduled job, once, here")
    run.add_argument("--full", action="store_true", help="build even if nothing has changed")
    backfill = verbs.add_parser("backfill", help="the job, with prices of a range of days")
    backfill.add_argument("--from", dest="start_date", required=True, metavar="YYYY-MM-DD")
    backfill.add_argument("--to", dest="end_date", required=True, metavar="YYYY-MM-DD")
    backfill.add_argument("--symbols", default="", help="comma-separated; all when absent")
    verbs.add_parser("manifest", help="make the dbt manifest that the asset graph is read from")
    add_arguments(verbs.add_parser("study", help="an event study of your own CSV files"))
    chosen = parser.parse_args(arguments)
    if chosen.verb == "study":
        return study(chosen)
    try:
        settings = load_settings()
        with _alone(settings):
            prepare(settings)
    except (SettingError, DbtError, WarehouseBusyError, OSError) as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return UNUSABLE
    if chosen.verb == "manifest":
        return OK
    ops: dict[str, Any] = {"warehouse": {"config": {"full": getattr(chosen, "full", False)}}}
    if chosen.verb == "backfill":
        ops["fetch_prices"] = {
            "config": {
                "start_date": chosen.start_date,
                "end_date": chosen.end_date,
                "symbols": [symbol for symbol in chosen.symbols.split(",") if symbol],
            }
        }
    return run_job(settings, ops)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let one process at a time make the manifest and the instance's tables."""
    lock, owner = settings.data_dir / "setup.lock", f"setup of process {os.getpid()}"
    hold(lock, owner, settings.lock_timeout_seconds)
    try:
        yield
    finally:
        release(lock, owner)


def prepare(settings: Settings) -> None:
    """Make what loading the definitions needs: the instance's folder and a current manifest."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / "dagster.yaml"
    if not configuration.exists():
        shutil.copyfile(ROOT / "data" / "dagster_home" / "dagster.yaml", configuration)
    if not is_current(settings.manifest_path):
        parse(settings)


def study(chosen: argparse.Namespace) -> int:
    """Make one study of a person's own files, and print what it found and where it is."""
    try:
        answer = run_study(load_settings(), chosen, lambda line: print(line, flush=True))
    except StudyError as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return FAILED
    except (
        ReferenceDataError,
        FolderError,
        SettingError,
        DbtError,
        WarehouseBusyError,
        OSError,
    ) as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return UNUSABLE
    print(f"\n{answer.summary}\n\nresults      {answer.results}")
    return OK


def run_job(settings: Settings, ops: dict[str, Any]) -> int:
    """Run the scheduled job in this process, recorded in the instance that the UI reads."""
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.defs.publishing.publication import current
    from orchestration.terminal import verdict_table

    # A skipped build leaves its checks without a result, which is right and no news.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    job = defs().resolve_job_def("market_events")
    with _alone(settings):
        instance = dg.DagsterInstance.from_config(str(settings.dagster_home))
    with instance:
        result = job.execute_in_process(
            instance=instance,
            run_config={"ops": ops, "loggers": {"terminal": {}}},
            tags={"aftershock/trigger": "command_line"},
            raise_on_error=False,
        )
    published = current(settings.published_dir)
    if not result.success:
        last = "What follows is the last good publication." if published else ""
        print(f"\nThe run FAILED, nothing new was published. {last}")
    if published is not None:
        print()
        print(verdict_table(settings.published_dir, shutil.get_terminal_size().columns))
        print()
        print(f"published   {settings.published_dir / 'current.duckdb'}  ({published.version})")
        print(f"            {settings.published_dir / 'current' / 'parquet'}")
    print("watch       make dev, then open http://127.0.0.1:3000")
    return OK if result.success else FAILED


if __name__ == "__main__":
    sys.exit(main())
