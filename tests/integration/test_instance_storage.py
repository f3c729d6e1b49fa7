"""The Dagster instance on a real PostgreSQL server, set up as the README says."""

from __future__ import annotations

import psycopg
import yaml

from tests.conftest import ROOT, Deployment
from tests.postgres_server import PASSWORD

ADDRESS = "AFTERSHOCK_INSTANCE_POSTGRES_URL"


def test_runs_are_recorded_in_postgres_once_the_lines_are_added(
    server: str, deployment: Deployment
) -> None:
    configuration = deployment.data_dir / "dagster_home" / "dagster.yaml"
    lines = (ROOT / "orchestration" / "deploy" / "instance-postgres.yaml").read_text()
    before = yaml.safe_load(configuration.read_text())
    configuration.write_text(configuration.read_text() + lines)
    assert yaml.safe_load(configuration.read_text()) == before | yaml.safe_load(lines)

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database dagster")
    address = server.removesuffix("/postgres") + "/dagster"
    of_the_instance = {ADDRESS: address.replace("postgresql:", "postgresql+psycopg2:")}
    done = deployment.run("run", **of_the_instance)
    assert done.code == 0, done.output
    status = deployment.run("status", **of_the_instance)
    assert "last runs   SUCCESS" in status.output, status.output
    with psycopg.connect(address) as connection:
        assert connection.execute("select status from runs").fetchall() == [("SUCCESS",)]

    # without its address it does not fall back to the files beside it
    absent = deployment.run("status")
    assert absent.code != 0
    assert ADDRESS in absent.output
    holding = [
        path
        for path in deployment.data_dir.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    assert holding == []
    assert PASSWORD not in done.output + status.output + absent.output
