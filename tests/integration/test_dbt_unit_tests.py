"""The dbt lane: every unit test of the project, run by dbt itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, Deployment


def test_dbt_unit_tests(deployment: Deployment, tmp_path: Path) -> None:
    # unit tests read the columns of built models, so they run on a built warehouse
    target = deployment.data_dir / "dbt_target"
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
            str(target),
            "--log-path",
            str(tmp_path),
        ],
        env=deployment.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    results = json.loads((target / "run_results.json").read_text())["results"]
    assert len(results) >= 40
    assert {result["status"] for result in results} == {"pass"}
