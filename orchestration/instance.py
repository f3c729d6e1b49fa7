"""What must be there before the definitions are loaded: the Dagster instance and a dbt manifest.

Belongs here: making both, by one process at a time, and opening the instance. Does not belong here:
what is recorded in it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.defs.warehouse.dbt import is_current, parse
from orchestration.settings import ROOT, Settings
from orchestration.warehouse_lock import hold, release

if TYPE_CHECKING:
    import dagster as dg


class InstanceError(RuntimeError):
    """The Dagster instance cannot be used. The message names the place and the mend."""


@contextmanager
def opened(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Open the instance, and make its tables if they are missing.

    Raises:
        InstanceError: its database fails, at any time until it is closed; the disk may be full.
    """
    import dagster as dg
    from sqlalchemy.exc import DBAPIError

    try:
        with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
            yield instance
    except DBAPIError as error:
        raise InstanceError(
            f"runs cannot be recorded by the instance in {settings.dagster_home}: {error.orig}. "
            "Make room or mend the place, then run again; readers keep the previous publication."
        ) from error


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
    """Make what loading the definitions needs: the instance's folder and a current manifest.

    Raises:
        DbtError: the dbt project cannot be parsed.
        InstanceError: the instance's tables cannot be made.
        WarehouseBusyError: another process is at it for too long.
    """
    with _alone(settings):
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        configuration = settings.dagster_home / "dagster.yaml"
        if not configuration.exists():
            shutil.copyfile(ROOT / "data" / "dagster_home" / "dagster.yaml", configuration)
        # page, daemon and code server start together; two of them would make the tables twice, and
        # no code location would load from then on
        with opened(settings):
            pass
        if not is_current(settings.manifest_path):
            parse(settings)
