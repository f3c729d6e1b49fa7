"""The dbt lane: every unit test of the project, run by dbt itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, Deployment, Finished


def test_dbt_unit_tests(first_run: tuple[Deployment, Finished], tmp_path: Path) -> None:
    # unit tests read the columns of built models, so they run on a copy of a built warehouse
    data_dir = tmp_path / "data"
    shutil.copytree(first_run[0].data_dir, data_dir, symlinks=True)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "test",
            "--select",
            "test_type:unit",
            "--project-dir",
            str(ROOT / "dbt_project"),
            "--profiles-dir",
            str(ROOT / "dbt_project"),
            "--target-path",
            str(data_dir / "dbt_target"),
            "--log-path",
            str(tmp_path),
        ],
        env=first_run[0].environment | {"AFTERSHOCK_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    results = json.loads((data_dir / "dbt_target" / "run_results.json").read_text())["results"]
    assert len(results) >= 40
    assert {result["status"] for result in results} == {"pass"}
