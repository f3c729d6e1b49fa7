"""The files of a deployment: read by the programs they are for, where those are installed."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, Deployment

DEPLOY = ROOT / "orchestration" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def test_units_are_those_of_the_readme() -> None:
    assert {unit.stem for unit in UNITS} == {
        "aftershock-code",
        "aftershock-daemon",
        "aftershock-webserver",
        "aftershock-writer",
    }


def _verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(folder.glob("*.service"))],
        capture_output=True,
        text=True,
        check=False,
    )


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/aftershock", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = _verified(tmp_path)
    ours = [line for line in done.stderr.splitlines() if "aftershock" in line]
    assert (done.returncode, ours) == (0, [])
    # and it would have seen a program that is not there
    code = tmp_path / "aftershock-code.service"
    code.write_text(code.read_text().replace("bin/dagster ", "bin/daggster "))
    assert "daggster is not executable" in _verified(tmp_path).stderr


def test_every_unit_is_confined_and_only_the_writer_takes_orders() -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        for line in ("User=aftershock", "NoNewPrivileges=yes", "ProtectSystem=strict"):
            assert f"\n{line}\n" in text, unit.name
        assert not re.search(r"-h (?!127\.0\.0\.1 )", text), unit.name
        if "dagster-webserver" in text:
            assert ("--read-only" in text) == (unit.stem == "aftershock-webserver")


def test_the_page_and_the_daemon_look_where_the_code_server_listens() -> None:
    (location,) = yaml.safe_load((DEPLOY / "workspace.yaml").read_text())["load_from"]
    server = location["grpc_server"]
    code = (DEPLOY / "aftershock-code.service").read_text()
    assert f"-h {server['host']} -p {server['port']} --location-name {server['location_name']}" in (
        code
    )


def test_the_first_unit_makes_the_tables_that_all_of_them_would_make_at_once(
    fresh: Deployment,
) -> None:
    code = (DEPLOY / "aftershock-code.service").read_text()
    assert "ExecStartPre=/opt/aftershock/.venv/bin/python -m orchestration manifest" in code
    done = fresh.run("manifest")
    assert done.code == 0, done.output
    home = fresh.data_dir / "dagster_home"
    for name in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        # two rows, and no code location loads
        with closing(sqlite3.connect(home / name)) as tables:
            ((heads,),) = tables.execute("select count(*) from alembic_version").fetchall()
        assert heads == 1, name


def test_the_container_is_made_of_files_and_versions_that_exist() -> None:
    # a container engine is too much to ask for, so this reads what one would do
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [
        tuple(line.split(" ", 1)) for line in text.splitlines() if line and not line.startswith("#")
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    copied = set()
    for _, words in (step for step in steps if step[0] == "COPY"):
        *sources, _target = words.split()
        copied.update(sources)
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {"pyproject.toml", "uv.lock", "workspace.yaml", "orchestration", "dbt_project"} < copied
    (image,) = [words for instruction, words in steps if instruction == "FROM"]
    low, high = re.findall(r"3\.(\d+)", project["project"]["requires-python"])
    (minor,) = re.findall(r"python:3\.(\d+)-slim$", image)
    assert int(low) <= int(minor) < int(high)
    (pinned,) = re.findall(r"^UV_VERSION := (\S+)", (ROOT / "Makefile").read_text(), re.M)
    assert f"uv=={pinned}" in text
    for group in re.findall(r"--group (\S+)", text):
        assert group in project["dependency-groups"]
    order = [instruction for instruction, _ in steps]
    assert order.index("USER") < order.index("CMD")
    assert dict(steps)["USER"] == "aftershock"
    module = json.loads(dict(steps)["CMD"])
    assert module[1:4] == ["-m", "orchestration", "serve"]
    assert "--writable" not in module
