"""The README's steps for a lost machine and for a new version, followed to the letter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT, Deployment


def _steps(heading: str) -> list[str]:
    """Return the lines of the first code block below a heading of the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (below,) = re.findall(rf"^### {heading}\n(.*?)(?=^##)", readme, re.M | re.S)
    block = re.search(r"```\n(.*?)```", below, re.S)
    assert block is not None
    return [line.split("#")[0].strip() for line in block[1].splitlines()]


def _follow(steps: list[str], deployment: Deployment) -> str:
    """Do the steps, as they stand, to the data of the deployment."""
    output = ""
    for step in steps:
        line = step.replace("$DATA", str(deployment.data_dir))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=ROOT,
            env=deployment.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        output += done.stdout
    return output


def _content_hash(deployment: Deployment) -> str:
    manifest = deployment.data_dir / "published" / "current" / "manifest.json"
    return str(json.loads(manifest.read_text())["content_hash"])


def test_the_marts_come_back_from_landing_alone(deployment: Deployment, tmp_path: Path) -> None:
    # the verdicts of the first publication land with the second run
    assert deployment.run().code == 0
    before = _content_hash(deployment)
    backup, restore = _steps("Back up and restore"), []
    while not backup[-1].startswith("tar -c"):
        restore.insert(0, backup.pop())
    archive = tmp_path / "aftershock.tar"
    _follow([step.replace("/backup", str(tmp_path)) for step in backup], deployment)
    assert archive.exists()
    shutil.rmtree(deployment.data_dir)
    output = _follow([step.replace("/backup", str(tmp_path)) for step in restore], deployment)
    assert "models built" in output
    assert _content_hash(deployment) == before


def test_an_upgrade_keeps_the_history_and_the_publication(deployment: Deployment) -> None:
    before = _content_hash(deployment)
    steps = _steps("Upgrade")
    on_a_machine = ("sudo systemctl ", "git pull", "uv sync --locked --no-dev")
    for prefix in on_a_machine:
        assert any(step.startswith(prefix) for step in steps)
    ours = [step for step in steps if not step.startswith(on_a_machine)]
    assert [step.split()[0] for step in ours] == [".venv/bin/dagster", ".venv/bin/python"]
    output = _follow(ours, deployment)
    assert "models built" in output
    assert _content_hash(deployment) == before
    status = deployment.run("status")
    assert len(re.findall(r"SUCCESS, \d+ minutes ago", status.output)) == 2, status.output
