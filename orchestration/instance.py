"""What must be there before the definitions are loaded: the Dagster instance and a dbt manifest.

Belongs here: making both, by one process at a time. Does not belong here: loading them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.defs.warehouse.dbt import is_current, parse
from orchestration.settings import ROOT, Settings
from orchestration.warehouse_lock import hold, release


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Let one process at a time make the manifest and the instance's tables."""
    lock, owner = settings.data_dir / "setup.lock", f"setup of process {os.getpid()}"
    hold(lock, owner, settings.lock_timeout_seconds)
    try:
        yield
    finally:
        release(lock, owner)


def prepare(settings: Settings) -> None:
    """Make what loading the definitions needs: the instance's folder and a current manifest.

    Raises:
        DbtError: the dbt project cannot be parsed.
        WarehouseBusyError: another process is at it for too long.
    """
    with alone(settings):
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        configuration = settings.dagster_home / "dagster.yaml"
        if not configuration.exists():
            shutil.copyfile(ROOT / "data" / "dagster_home" / "dagster.yaml", configuration)
        if not is_current(settings.manifest_path):
            parse(settings)
