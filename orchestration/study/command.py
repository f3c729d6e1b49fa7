"""The study command: from a person's CSV files to the exported marts, in one order of steps.

Belongs here: that order, and who may work in a study's folder. Does not belong here: the steps
themselves (the other modules), and printing (`orchestration.verbs.study`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.defs.warehouse.dbt import build
from orchestration.settings import Settings
from orchestration.study.arguments import files_of
from orchestration.study.case import Case, read_case
from orchestration.study.export import MARTS, export
from orchestration.study.folders import check_results, clear, name_from, replacing
from orchestration.study.folders import workspace as workspace_of
from orchestration.study.landed import land_case
from orchestration.study.summary import summary
from orchestration.warehouse_lock import hold, release


class StudyError(RuntimeError):
    """The models could not be built, or the results not written. Carries the library's words."""


@dataclass(frozen=True)
class Answer:
    """Where the results are, and what they say in a few lines."""

    results: Path
    summary: str


def run_study(
    settings: Settings, chosen: argparse.Namespace, report: Callable[[str], None]
) -> Answer:
    """Make one study.

    Args:
        settings: the study works below `settings.data_dir / "studies"`.
        chosen: the arguments of `add_arguments`.
        report: called with a line for each step.

    Raises:
        ReferenceDataError: an input file cannot be used.
        FolderError: a folder cannot be used, or a file was not named.
        StudyError: the models could not be built, or the results not written.
        DbtError: dbt could not start.
        WarehouseBusyError: the same study is being made elsewhere.
    """
    import duckdb

    files = files_of(chosen)
    workspace = workspace_of(settings, chosen.name or name_from(files.events))
    out = Path(chosen.out).expanduser().resolve() if chosen.out else workspace / "results"
    check_results(out)
    case = read_case(files, settings.reference_dir)
    pairs = case.events.rows.num_rows
    report(f"read       {case.prices.num_rows} prices, {pairs} pairs of event and instrument")
    own = replace(settings, data_dir=workspace)
    lock, owner = workspace.with_name(f"{workspace.name}.lock"), f"study of process {os.getpid()}"
    hold(lock, owner, settings.lock_timeout_seconds, report=report)
    try:
        _build(own, case, is_adjusted=chosen.adjusted, report=report)
        with replacing(out) as fresh:
            parameters = case.study.drop(["line_number"]).to_pylist()[0]
            export(own.warehouse_path, fresh, files.by_name(), parameters)
            said = summary(fresh, case.without_events)
    except duckdb.Error as error:
        raise StudyError(f"no results could be written to {out}: {error}") from error
    finally:
        release(lock, owner)
    return Answer(out, said)


def _build(own: Settings, case: Case, *, is_adjusted: bool, report: Callable[[str], None]) -> None:
    """Land the case in the study's own folder, and build the marts there."""
    clear(own.data_dir)
    land_case(own.landing_dir, case, is_adjusted=is_adjusted, now=datetime.now(UTC))
    report(f"landed     {own.landing_dir}")
    report("building   the event-study marts with dbt; millions of prices take minutes")
    built = build(own, select=[f"+{mart}" for mart in MARTS], report=report)
    if built.failures:
        raise StudyError("the models could not be built:\n" + "\n".join(built.failures))
    report(f"built      {len(built.events)} models and tests")
