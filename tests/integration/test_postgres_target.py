"""The second target, against a real PostgreSQL server on loopback."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import psycopg
import pytest

from orchestration.defs.publishing.publication import Publication, PublicationError
from orchestration.postgres import publish_to_postgres
from tests.conftest import Deployment, Finished
from tests.postgres_server import PASSWORD


@pytest.fixture
def url(server: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        _clear(connection)
    yield server
    with psycopg.connect(server, autocommit=True) as connection:
        _clear(connection)


def _clear(connection: psycopg.Connection) -> None:
    for (name,) in connection.execute(
        "select nspname from pg_namespace where starts_with(nspname, 'aftershock')"
    ).fetchall():
        connection.execute(f"drop schema {name} cascade")
    connection.execute("drop role if exists reader")


def asked(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()


def schemas(url: str) -> list[object]:
    return [
        name
        for (name,) in asked(
            url, "select nspname from pg_namespace where starts_with(nspname, 'aftershock')"
        )
    ]


@pytest.fixture
def another(publication: Publication, tmp_path: Path) -> Publication:
    """The same content under a version that the server does not hold."""
    version = "20990101T000000000000Z-000000000000"
    copied = tmp_path / publication.database.name
    shutil.copyfile(publication.database, copied)
    with duckdb.connect(str(copied)) as connection:
        connection.execute("update publish_meta set version = ?", [version])
    return replace(publication, version=version, folder=tmp_path)


def test_every_row_and_comment_arrives(
    url: str, publication: Publication, first_run: tuple[Deployment, Finished]
) -> None:
    assert publish_to_postgres(publication, url, 5)
    for table, expected in publication.tables.items():
        assert asked(url, f"select count(*) from aftershock.{table}") == [(expected.rows,)]
    question = (
        "select symbol, session_date, close, volume_shares, quality from {}daily_returns "
        "order by symbol, session_date"
    )
    assert asked(url, question.format("aftershock.")) == first_run[0].query(question.format(""))
    titles = "select article_id, title, first_seen_at from {}articles order by 1"
    assert asked(url, titles.format("aftershock.")) == first_run[0].query(titles.format(""))
    ((uncommented,),) = asked(
        url,
        """
        select count(*) from pg_attribute
        where attrelid in (select oid from pg_class where relnamespace = 'aftershock'::regnamespace)
        and attnum > 0 and col_description(attrelid, attnum) is null
        """,
    )
    assert uncommented == 0
    assert schemas(url) == ["aftershock"]


def test_the_same_version_is_not_loaded_twice(url: str, publication: Publication) -> None:
    assert publish_to_postgres(publication, url, 5)
    assert not publish_to_postgres(publication, url, 5)


def test_readers_keep_their_rights_and_a_running_query_its_tables(
    url: str, publication: Publication, another: Publication
) -> None:
    publish_to_postgres(publication, url, 5)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("create role reader login password 'reader'")
        owner.execute("grant usage on schema aftershock to reader")
        owner.execute("grant select on all tables in schema aftershock to reader")
    as_reader = url.replace(f"owner:{PASSWORD}", "reader:reader")
    with psycopg.connect(as_reader) as reader:
        # an open transaction that has read a table holds a lock on it
        (before,) = (
            reader.execute("select count(*) from aftershock.claim_verdicts").fetchone() or ()
        )
        assert publish_to_postgres(another, url, 0.2)
        assert reader.execute("select count(*) from aftershock.claim_verdicts").fetchone() == (
            before,
        )
        # what the reader holds could not be dropped
        assert len(schemas(url)) == 2
    assert asked(as_reader, "select count(*) from aftershock.claim_verdicts") == [(before,)]
    assert not publish_to_postgres(another, url, 0.2)
    assert schemas(url) == ["aftershock"]


def test_a_death_while_loading_leaves_the_old_and_is_healed(
    url: str, publication: Publication, another: Publication
) -> None:
    publish_to_postgres(publication, url, 5)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("create schema aftershock_next")
        owner.execute("create table aftershock_next.claim_verdicts (half integer)")
    assert publish_to_postgres(another, url, 5)
    assert schemas(url) == ["aftershock"]


def test_a_refusal_names_the_setting_and_not_the_password(
    url: str, publication: Publication
) -> None:
    wrong = url.replace("owner:", "nobody:")
    with pytest.raises(PublicationError, match="AFTERSHOCK_POSTGRES_URL") as refused:
        publish_to_postgres(publication, wrong, 5)
    assert PASSWORD not in str(refused.value)
    assert refused.value.__cause__ is None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"postgresql://owner:{PASSWORD}@127.0.0.1:{free.getsockname()[1]}/postgres"
    with pytest.raises(PublicationError, match="refused") as refused:
        publish_to_postgres(publication, closed, 5)
    assert PASSWORD not in str(refused.value)


def test_the_scheduled_job_fills_it_and_no_log_holds_the_password(
    url: str, deployment: Deployment
) -> None:
    # each a secret that a run is given and has no use for
    sinks = {
        "AFTERSHOCK_ALERT_SINK": "webhook",
        "AFTERSHOCK_ALERT_WEBHOOK_URL": f"https://127.0.0.1:9/{PASSWORD}",
        "AFTERSHOCK_ALERT_SMTP_URL": f"smtps://owner:{PASSWORD}@127.0.0.1:9",
    }
    # nothing is new since the publication, but the server is
    done = deployment.run("run", AFTERSHOCK_POSTGRES_URL=url, **sinks)
    assert done.code == 0, done.output
    assert "postgres_marts: " in done.output
    again = deployment.run(AFTERSHOCK_POSTGRES_URL=url)
    assert "nothing new since publication" in again.output, again.output
    ((verdicts,),) = deployment.query("select count(*) from claim_verdicts")
    assert asked(url, "select count(*) from aftershock.claim_verdicts") == [(verdicts,)]
    wrong = url.replace("owner:", "nobody:")
    failed = deployment.run("run", AFTERSHOCK_POSTGRES_URL=wrong, **sinks)
    assert failed.code == 1
    assert "AFTERSHOCK_POSTGRES_URL" in failed.output
    for output in (done.output, failed.output):
        assert PASSWORD not in output
    holding = [
        path
        for path in deployment.data_dir.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    assert holding == []
