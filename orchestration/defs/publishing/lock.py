"""The warehouse lock as a Dagster resource, so that the end of a run gives it back.

Belongs here: tying the lock to a run. Does not belong here: the lock itself
(`orchestration.warehouse_lock`) and who takes it (the first step that writes).
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import release


def lock_path(settings: Settings) -> Path:
    """Return the lock file of a deployment."""
    return settings.data_dir / "warehouse.lock"


class WarehouseLock(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Releases the run's lock when the run ends in this process, however it ends.

    A step that fails between the build and the publication leaves the lock to this. When the
    process itself dies, the kernel does the same.
    """

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Give the lock back unless publication already did."""
        if context.run is not None:
            release(lock_path(load_settings()), context.run.run_id)


defs = dg.Definitions(resources={"warehouse_lock": WarehouseLock()})
