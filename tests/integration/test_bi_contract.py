"""The connection that the README asks of BI tools: it reads the marts and nothing else.

Through SQLAlchemy, as Superset does. Each refusal is shown to be the settings' doing: the same
statement succeeds without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Deployment, Finished

CONTRACT = {"enable_external_access": False, "lock_configuration": True}


def engine_on(database: Path, config: dict[str, Any]) -> sa.Engine:
    return sa.create_engine(
        f"duckdb:///{database}",
        connect_args={"read_only": True, "config": config},
        poolclass=sa.NullPool,
    )


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that a SQL user must not get at."""
    path = tmp_path / "secret.csv"
    path.write_text("password\nhunter2\n")
    return path


@pytest.fixture
def contract(built_marts: Path) -> Iterator[sa.Engine]:
    engine = engine_on(built_marts, CONTRACT)
    yield engine
    engine.dispose()


def test_the_marts_are_there_with_columns_and_comments(
    contract: sa.Engine, first_run: tuple[Deployment, Finished]
) -> None:
    with contract.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names(schema="main"))
        count = connection.execute(sa.text("select count(*) from claim_verdicts")).scalar_one()
        undescribed = connection.execute(
            sa.text("select count(*) from duckdb_columns() where comment is null and not internal")
        ).scalar_one()
    assert {name for (name,) in first_run[0].query("select table_name from duckdb_tables()")} == {
        *tables
    }
    assert count > 0
    assert undescribed == 0


STATEMENTS = {
    "read a file": "select * from read_csv('{secret}')",
    "read a file by its name": "select * from '{secret}'",
    "read a text": "select * from read_text('{secret}')",
    "read bytes": "select * from read_blob('{secret}')",
    "list files": "select * from glob('{folder}/*')",
    "attach a database": "attach '{folder}/other.duckdb' as other",
    "write a file": "copy (select 1) to '{folder}/out.csv'",
    "write a whole database": "export database '{folder}/out'",
    "install an extension": "install '{folder}/none.duckdb_extension'",
    "load an extension": "load '{folder}/none.duckdb_extension'",
    "open the door again": "set enable_external_access = true",
    "change a setting": "set temp_directory = '{folder}'",
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_nothing_else_can_be_reached(
    contract: sa.Engine, secret: Path, tmp_path: Path, what: str
) -> None:
    statement = STATEMENTS[what].format(secret=secret, folder=tmp_path)
    with contract.connect() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
        connection.exec_driver_sql(statement).fetchall()
    assert "disabled" in str(refused.value) or "locked" in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv"]


@pytest.mark.parametrize(
    "what", ["read a file", "read a text", "list files", "write a file", "change a setting"]
)
def test_read_only_alone_does_not_refuse_it(
    built_marts: Path, secret: Path, tmp_path: Path, what: str
) -> None:
    engine = engine_on(built_marts, {})
    with engine.connect() as connection:
        connection.exec_driver_sql(STATEMENTS[what].format(secret=secret, folder=tmp_path))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from claim_verdicts",
        "update claim_verdicts set verdict = 'confirmed'",
        "drop table claim_verdicts",
        "create table mine as select 1",
    ],
)
def test_the_marts_cannot_be_changed(contract: sa.Engine, statement: str) -> None:
    with contract.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.exec_driver_sql(statement)
