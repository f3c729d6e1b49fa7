"""The locks of a run as a Dagster resource, so that the end of a run gives them back.

Belongs here: tying locks to a run. Does not belong here: the lock itself
(`orchestration.warehouse_lock`) and who takes the warehouse (the first step that writes).
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import dagster as dg

from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import hold, release

SIGNS_OF_LIFE = "runs"


def lock_path(settings: Settings) -> Path:
    """Return the lock file of a deployment."""
    return settings.data_dir / "warehouse.lock"


def sign_of_life(settings: Settings, run_id: str) -> Path:
    """Return the file that a run's process holds locked for as long as it lives."""
    return settings.data_dir / SIGNS_OF_LIFE / f"{UUID(run_id)}.lock"


class WarehouseLock(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Shows that the run's process lives, and releases the run's lock however the run ends.

    A step that fails between the build and the publication leaves the lock to this. When the
    process itself dies, the kernel does the same.
    """

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Give the sign of life; with one process per run this is before the first step.

        It is never taken back: a run may be over and its record not yet written.
        """
        if context.run is not None:
            run_id = context.run.run_id
            # nobody else wants it; whoever looks at it holds it for a moment
            hold(sign_of_life(load_settings(), run_id), run_id, timeout=10)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Give the lock back unless publication already did."""
        if context.run is not None:
            release(lock_path(load_settings()), context.run.run_id)


defs = dg.Definitions(resources={"warehouse_lock": WarehouseLock()})
