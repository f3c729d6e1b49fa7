"""The project's real event-study models, run by dbt in a process and data directory of their own.

Belongs here: which models are the engine, and the dbt commands around them. Does not belong here:
the tables they read (upstream.py) and any figure about them.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.benchmarks.processes import Cost, measured
from tests.conftest import ROOT

PROJECT = ROOT / "dbt_project"
FOLDER = "models/intermediate/event_study/"
MARTS = (
    "event_window_returns",
    "event_study_results",
    "event_group_tests",
    "event_exclusions",
    "event_estimations",
)


@dataclass(frozen=True)
class Run:
    """A finished `dbt run`: the process, and seconds by model as dbt counts them."""

    cost: Cost
    seconds: dict[str, float]


@dataclass(frozen=True)
class Engine:
    """dbt over one warehouse file.

    Args:
        folder: data directory, which holds the warehouse and everything that dbt writes.
        models_at_once: dbt's threads; None leaves it to the profile.
        memory_limit: DuckDB's, such as 4GB; None leaves it to the profile.
    """

    folder: Path
    models_at_once: int | None = None
    memory_limit: str | None = None

    @property
    def warehouse(self) -> Path:
        """Return the file that the profile names."""
        return self.folder / "warehouse.duckdb"

    def parsed(self) -> dict[str, Any]:
        """Parse the project, so that no measured run has to, and return the manifest."""
        self._dbt("parse")
        text = (self.folder / "dbt_target" / "manifest.json").read_text()
        manifest: dict[str, Any] = json.loads(text)
        return manifest

    def run(self, models: list[str], *, is_empty: bool = False) -> Run:
        """Run the models; `is_empty` reads no row and so shows what dbt itself costs."""
        options = [] if self.models_at_once is None else ["--threads", str(self.models_at_once)]
        options += ["--empty"] if is_empty else []
        cost = self._dbt("run", "--full-refresh", "--select", *models, *options)
        results = json.loads((self.folder / "dbt_target" / "run_results.json").read_text())
        seconds = {
            result["unique_id"].split(".")[-1]: result["execution_time"]
            for result in results["results"]
        }
        if missing := sorted(set(models) - set(seconds)):
            raise SystemExit(f"dbt did not run {', '.join(missing)}")
        return Run(cost, seconds)

    def _dbt(self, verb: str, *arguments: str) -> Cost:
        target = self.folder / "dbt_target"
        target.mkdir(parents=True, exist_ok=True)
        command = [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", verb),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(self._profiles())),
            *("--target-path", str(target), "--log-path", str(target / "logs")),
        ]
        environment = os.environ | {"AFTERSHOCK_DATA_DIR": str(self.folder)}
        return measured([*command, *arguments], environment, self.folder / f"dbt_{verb}.log")

    def _profiles(self) -> Path:
        """Return the folder of the project's own profile, or of a copy that limits memory."""
        if self.memory_limit is None:
            return PROJECT
        profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text())
        output = profiles["aftershock"]["outputs"][profiles["aftershock"]["target"]]
        output["settings"]["memory_limit"] = self.memory_limit
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
        return self.folder


def models_in(manifest: dict[str, Any]) -> list[str]:
    """Return the unique ids of the engine's models."""
    return [
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and (node["original_file_path"].startswith(FOLDER) or node["name"] in MARTS)
    ]
