"""dbt in this process: parse the project, build the warehouse, hand back what happened.

Belongs here: how dbt is called and how its events reach the caller. Does not belong here: what a
model computes (`dbt_project/`) and what Dagster shows of it (`assets.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import DBT_PROJECT_DIR, Settings

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

MADE_BY_DBT = frozenset({"target", "logs", "dbt_packages"})
RESULT_EVENTS = frozenset({"LogModelResult", "LogTestResult", "LogSeedResult"})


class DbtError(RuntimeError):
    """dbt could not finish. The message carries each failed node and dbt's own words."""


@dataclass
class Build:
    """What one dbt call did.

    Attributes:
        events: dbt's structured result events, one for each model and test, in finishing order.
        failures: one readable line for each node that failed or was skipped because of one.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def parse(settings: Settings) -> None:
    """Write the manifest that the asset graph is made from.

    Raises:
        DbtError: the project does not parse.
    """
    _invoke(settings, ["parse"], lambda event: None)


def is_current(manifest: Path) -> bool:
    """Tell whether the manifest is newer than every file that dbt makes it from."""
    if not manifest.exists():
        return False
    made = manifest.stat().st_mtime
    return all(
        path.stat().st_mtime <= made
        for path in DBT_PROJECT_DIR.rglob("*")
        if path.suffix in {".sql", ".yml"} and not MADE_BY_DBT.intersection(path.parts)
    )


def build(
    settings: Settings,
    *,
    select: Sequence[str] = (),
    as_of: str | None = None,
    full_refresh: bool = False,
    report: Callable[[str], None],
) -> Build:
    """Build models and run their data tests; unit tests belong to the test lane, not to a run.

    Args:
        settings: where landing and warehouse are.
        select: names of models to build; all of them when empty.
        as_of: rebuild from what had been landed by this moment (ISO timestamp with zone).
        full_refresh: make every row anew, also of models that could continue the build before.
        report: called with one plain line for each node that failed.

    Raises:
        DbtError: dbt failed before or outside its nodes; a node's own failure is in the result.
    """
    outcome = Build()

    def on_event(event: EventMsg) -> None:
        if event.info.name not in RESULT_EVENTS:
            return
        raw = _as_dict(event)
        outcome.events.append(raw)
        node = raw["data"]["node_info"]
        if node.get("node_status") in {"error", "fail", "runtime error"}:
            report(f"{node['unique_id'].split('.')[-1]}: {raw['info']['msg']}")

    # `parse` has written the manifest and nobody reads the other files; writing them takes a second
    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    if select:
        arguments += ["--select", *select]
    if as_of:
        arguments += ["--vars", f"{{as_of: '{as_of}'}}"]
    if as_of or full_refresh:
        arguments.append("--full-refresh")
    for result in _invoke(settings, arguments, on_event):
        if str(result.status) in {"error", "fail", "runtime error"}:
            meaning = result.node.config.meta.get("description")
            said = f"{meaning} ({_one_line(result.message)})" if meaning else result.message
            outcome.failures.append(f"{result.node.name}: {_one_line(said)}")
    return outcome


def _invoke(
    settings: Settings, arguments: list[str], on_event: Callable[[EventMsg], None]
) -> Sequence[Any]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt_common.exceptions import DbtBaseException

    settings.dbt_target_dir.mkdir(parents=True, exist_ok=True)
    with _data_dir_visible(settings):
        result = dbtRunner(callbacks=[on_event]).invoke(
            [
                *arguments,
                "--project-dir",
                str(DBT_PROJECT_DIR),
                "--profiles-dir",
                str(DBT_PROJECT_DIR),
                "--target-path",
                str(settings.dbt_target_dir),
                "--log-path",
                str(settings.dbt_target_dir / "logs"),
                # failures are reported below; dbt's own words are in its log
                "--log-level",
                "none",
                "--log-level-file",
                "info",
                "--no-send-anonymous-usage-stats",
                "--no-version-check",
            ]
        )
        # The adapter keeps the file open for the life of the process; readers of this run and
        # the next run's writer must find it closed.
        DuckDBConnectionManager.close_all_connections()
    if isinstance(result.exception, DbtBaseException):
        raise DbtError(f"dbt {arguments[0]}: {result.exception}") from result.exception
    if result.exception is not None:
        raise result.exception
    nodes: Sequence[Any] = getattr(result.result, "results", None) or ()
    if not result.success and not nodes:
        raise DbtError(f"dbt {arguments[0]} failed; see {settings.dbt_target_dir / 'logs'}")
    return nodes


@contextmanager
def _data_dir_visible(settings: Settings) -> Iterator[None]:
    """Show dbt's profile the data directory that the settings chose."""
    name = "AFTERSHOCK_DATA_DIR"
    before = os.environ.get(name)
    os.environ[name] = str(settings.data_dir)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _as_dict(event: EventMsg) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    return dict(MessageToDict(event, preserving_proto_field_name=True))


def _one_line(message: str | None) -> str:
    return " ".join((message or "no message").split())
