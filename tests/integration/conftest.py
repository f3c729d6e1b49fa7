"""What the integration lane shares: definitions of a fresh process, a server, the publication."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.defs.publishing.publication import Publication, current
from tests.conftest import ROOT, Deployment, Finished
from tests.postgres_server import postgres_server

LOAD = """
import json, sys
from orchestration.definitions import defs
repository = defs().get_repository_def()
graph = repository.asset_graph
job = repository.get_job("market_events")
print(json.dumps({
    "assets": sorted(key.to_user_string() for key in graph.materializable_asset_keys),
    "undocumented": sorted(
        key.to_user_string() for key in graph.materializable_asset_keys
        if not graph.get(key).description
    ),
    "ungrouped": sorted(
        key.to_user_string() for key in graph.materializable_asset_keys
        if graph.get(key).group_name == "default"
    ),
    "unowned": sorted(
        key.to_user_string() for key in graph.materializable_asset_keys if not graph.get(key).owners
    ),
    "checks": sorted(f"{c.asset_key.to_user_string()}:{c.name}" for c in graph.asset_check_keys),
    "in_job": sorted(key.to_user_string() for key in job.asset_layer.selected_asset_keys),
    "schedules": {
        s.name: [s.cron_schedule, s.execution_timezone, s.default_status.value]
        for s in repository.schedule_defs
    },
    "sensors": sorted(s.name for s in repository.sensor_defs),
    "modules": sorted({m.split(".")[0] for m in sys.modules}),
}))
"""


@pytest.fixture(scope="session")
def loaded(first_run: tuple[Deployment, Finished]) -> dict[str, Any]:
    """What the code location holds, and which top-level modules loading it brought in."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=first_run[0].environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="session")
def manifest(first_run: tuple[Deployment, Finished]) -> dict[str, Any]:
    """The dbt manifest that the first run was made with."""
    path = first_run[0].data_dir / "dbt_target" / "manifest.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres_server() as address:
        yield address


@pytest.fixture(scope="session")
def publication(first_run: tuple[Deployment, Finished]) -> Publication:
    """What the first run published."""
    found = current(first_run[0].data_dir / "published")
    assert found is not None
    return found
