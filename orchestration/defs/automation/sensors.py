"""The sensor: a file dropped in the news inbox starts a run.

Belongs here: noticing. Does not belong here: reading the file (`defs/news/`).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import dagster as dg

from orchestration.defs.automation.jobs import market_events
from orchestration.settings import load_settings


@dg.sensor(
    job=market_events,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a run when the files in the news inbox have changed.",
)
def news_inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request one run for each new state of the inbox."""
    inbox = load_settings().inbox_dir
    files = list(_files(inbox))
    if not files:
        return dg.SkipReason(f"no file in {inbox}")
    state = _state(files)
    if state == context.cursor:
        return dg.SkipReason(f"{len(files)} files in {inbox}, all seen")
    context.update_cursor(state)
    return dg.RunRequest(run_key=state, tags={"aftershock/trigger": "news_inbox"})


def _files(inbox: Path) -> Iterable[Path]:
    if inbox.is_dir():
        yield from sorted(path for path in inbox.iterdir() if path.is_file())


def _state(files: Iterable[Path]) -> str:
    """Return a digest of the files' names, sizes and times; a half-copied file changes again."""
    digest = hashlib.sha256()
    for path in files:
        status = path.stat()
        digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
