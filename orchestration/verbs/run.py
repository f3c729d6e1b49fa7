"""`run` and `backfill`: the scheduled job, once, in this process.

Belongs here: the job's configuration from arguments, and what a person is told at the end. Does not
belong here: the work itself, which is the same Dagster job that the schedules run.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from typing import Any

from orchestration.instance import InstanceError, opened, prepare
from orchestration.settings import Settings
from orchestration.verbs import FAILED, OK, Verbs


def add_to(verbs: Verbs) -> None:
    """Add both verbs."""
    run = verbs.add_parser("run", help="the scheduled job, once, here")
    run.add_argument("--full", action="store_true", help="build even if nothing has changed")
    run.set_defaults(do=_run)
    backfill = verbs.add_parser("backfill", help="the job, with prices of a range of days")
    backfill.add_argument("--from", dest="start_date", required=True, metavar="YYYY-MM-DD")
    backfill.add_argument("--to", dest="end_date", required=True, metavar="YYYY-MM-DD")
    backfill.add_argument("--symbols", default="", help="comma-separated; all when absent")
    backfill.set_defaults(do=_backfill)


def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    return _run_job(settings, {"warehouse": {"config": {"full": chosen.full}}})


def _backfill(settings: Settings, chosen: argparse.Namespace) -> int:
    prices = {
        "start_date": chosen.start_date,
        "end_date": chosen.end_date,
        "symbols": [symbol for symbol in chosen.symbols.split(",") if symbol],
    }
    return _run_job(
        settings,
        {"warehouse": {"config": {"full": False}}, "fetch_prices": {"config": prices}},
    )


def _run_job(settings: Settings, ops: dict[str, Any]) -> int:
    """Run the scheduled job in this process, recorded in the instance that the UI reads."""
    prepare(settings)
    from orchestration.definitions import defs
    from orchestration.defs.automation.lost_runs import fail_lost_runs
    from orchestration.defs.publishing.publication import current
    from orchestration.defs.report.folder import has_report
    from orchestration.terminal import verdict_table

    # A skipped build leaves its checks without a result, which is right and no news.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    job = defs().resolve_job_def("market_events")
    try:
        with opened(settings) as instance:
            for run_id in fail_lost_runs(settings, instance):
                print(f"run {run_id} had died without a word and is now recorded as failed")
            result = job.execute_in_process(
                instance=instance,
                run_config={"ops": ops, "loggers": {"terminal": {}}},
                # no daemon can start it again, so an alert does not wait for that
                tags={"aftershock/trigger": "command_line", "dagster/max_retries": "0"},
                raise_on_error=False,
            )
    except InstanceError as error:
        print(f"\nThe run FAILED: {error}")
        return FAILED
    published = current(settings.published_dir)
    if not result.success:
        is_new = published is not None and published.facts.run_id == result.run_id
        did = "but its marts are published" if is_new else "nothing new was published"
        last = "What follows is the last good publication." if published and not is_new else ""
        print(f"\nThe run FAILED, {did}. {last}".rstrip())
    if published is not None:
        print()
        print(verdict_table(settings.published_dir, shutil.get_terminal_size().columns))
        print()
        print(f"published   {settings.published_dir / 'current.duckdb'}  ({published.version})")
        print(f"            {settings.published_dir / 'current' / 'parquet'}")
        if has_report(settings.published_dir, published):
            print(f"report      {settings.published_dir / 'report' / 'index.html'}")
    print("watch       make serve, then open http://127.0.0.1:3000")
    return OK if result.success else FAILED
