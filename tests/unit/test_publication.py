"""One publication: what it holds, when it is new, what it refuses."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.publishing.publication import (
    Facts,
    Publication,
    PublicationError,
    current,
)
from orchestration.defs.publishing.publish import publish

FACTS = Facts(
    inputs="fingerprint", run_id="run-1", code_revision="abc", data_as_of={"XNYS": "2025-01-27"}
)
MARTS = """
create schema marts;
create table marts.prices as
    select 'S' || (i % 7) as symbol, i as session_index, i / 3 as close, i % 2 = 0 as is_even,
        if(i % 5 = 0, null, i) as volume, date '2025-01-01' + i::int as session_date
    from range(500) as numbers(i);
create table marts.empty_mart (reason varchar);
create view marts.one as select 1 as number;
comment on table marts.prices is 'It''s a table of prices.';
comment on column marts.prices.close is 'In the instrument''s currency.';
comment on view marts.one is 'A view.';
"""


def run(warehouse: Path, *statements: str) -> None:
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def every_byte(folder: Path) -> dict[str, str]:
    """Names, link targets and digests of all that lies below a folder."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    run(path, MARTS)
    return path


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def publish_all(warehouse: Path, published: Path) -> Callable[[], Publication]:
    return lambda: publish(warehouse, published, None, FACTS)


def test_readers_find_the_marts_in_schema_main_with_their_comments(
    publish_all: Callable[[], Publication], published: Path
) -> None:
    publication = publish_all()
    database = published / "current.duckdb"
    assert rows(database, "select count(*), sum(session_index) from main.prices") == [(500, 124750)]
    assert rows(database, "select number from one") == [(1,)]
    assert rows(database, "select count(*) from empty_mart") == [(0,)]
    assert rows(
        database,
        "select comment from duckdb_tables() where comment is not null "
        "and table_name <> 'publish_meta' order by 1",
    ) == [("A view.",), ("It's a table of prices.",)]
    assert rows(database, "select comment from duckdb_columns() where column_name = 'close'") == [
        ("In the instrument's currency.",)
    ]
    assert stat.S_IMODE(publication.database.stat().st_mode) == 0o444
    assert [path.name for path in publication.folder.iterdir() if "wal" in path.name] == []


def test_links_are_relative_so_that_the_folder_can_be_moved(
    publish_all: Callable[[], Publication], published: Path
) -> None:
    publication = publish_all()
    assert str((published / "current").readlink()) == f"versions/{publication.version}"
    assert str((published / "current.duckdb").readlink()) == "current/marts.duckdb"
    moved = published.rename(published.with_name("elsewhere"))
    assert rows(moved / "current.duckdb", "select count(*) from prices") == [(500,)]


def test_manifest_publish_meta_and_returned_value_agree(
    publish_all: Callable[[], Publication], published: Path
) -> None:
    publication = publish_all()
    manifest = json.loads((publication.folder / "manifest.json").read_text())
    assert manifest["version"] == publication.version == publication.folder.name
    assert publication.version.endswith(f"Z-{publication.content_hash[:12]}")
    assert manifest["inputs"] == "fingerprint"
    assert manifest["data_as_of"] == {"XNYS": "2025-01-27"}
    assert {name: table["rows"] for name, table in manifest["tables"].items()} == {
        "empty_mart": 0,
        "one": 1,
        "prices": 500,
    }
    assert rows(
        published / "current.duckdb",
        "select item, name, row_count, checksum, data_as_of::varchar, run_id, version "
        "from publish_meta order by item, name",
    ) == [
        ("exchange", "XNYS", None, None, "2025-01-27", "run-1", publication.version),
        *(
            ("table", name, table.rows, table.checksum, None, "run-1", publication.version)
            for name, table in publication.tables.items()
        ),
    ]
    read_back = current(published)
    assert read_back is not None
    assert (read_back.version, read_back.tables, read_back.facts) == (
        publication.version,
        publication.tables,
        FACTS,
    )


def test_unchanged_content_changes_no_byte(
    publish_all: Callable[[], Publication], warehouse: Path, published: Path
) -> None:
    first = publish_all()
    before = every_byte(published)
    run(
        warehouse,
        "create table marts.again as from marts.prices order by random()",
        "drop table marts.prices",
        "alter table marts.again rename to prices",
        "comment on table marts.prices is 'It''s a table of prices.'",
        "comment on column marts.prices.close is 'In the instrument''s currency.'",
    )
    later = Facts("other", "run-2", "def", {})
    second = publish(warehouse, published, None, later)
    assert first.is_new
    assert not second.is_new
    assert second.version == first.version
    assert every_byte(published) == before


@pytest.mark.parametrize(
    "change",
    [
        "update marts.prices set close = close + 1e-12 where session_index = 3",
        "update marts.prices set volume = 0 where session_index = 5",
        "insert into marts.prices from marts.prices where session_index = 9",
        "delete from marts.prices where session_index = 9",
        "update marts.prices set session_index = 500 - session_index where session_index in (1, 2)",
        "alter table marts.prices rename column volume to shares",
        "alter table marts.prices alter session_index type integer",
        "alter table marts.prices add column note varchar",
        "comment on column marts.prices.close is 'Split-adjusted.'",
        "comment on table marts.prices is 'Other.'",
        "drop table marts.empty_mart",
    ],
)
def test_each_kind_of_change_makes_a_new_version(
    change: str, publish_all: Callable[[], Publication], warehouse: Path
) -> None:
    first = publish_all()
    run(warehouse, change)
    second = publish_all()
    assert second.is_new
    assert second.content_hash != first.content_hash


def test_two_rows_that_swap_a_value_are_a_change(
    publish_all: Callable[[], Publication], warehouse: Path
) -> None:
    first = publish_all()
    run(
        warehouse,
        "update marts.prices set close = case session_index when 1 then 2 / 3 else 1 / 3 end "
        "where session_index in (1, 2)",
    )
    assert publish_all().content_hash != first.content_hash


def test_parquet_bytes_do_not_depend_on_row_order(tmp_path: Path) -> None:
    digests = set()
    # Several row groups, and an order that differs each time.
    for seed in (0.1, 0.2):
        warehouse = tmp_path / f"warehouse-{seed}.duckdb"
        run(
            warehouse,
            f"select setseed({seed})",
            "create schema marts",
            "create table marts.wide as select i, i * 0.1 as x, 'text ' || i % 11 as t "
            "from range(250000) as numbers(i) order by random()",
        )
        publication = publish(warehouse, tmp_path / f"published-{seed}", None, FACTS)
        content = (publication.folder / "parquet" / "wide.parquet").read_bytes()
        digests.add(hashlib.sha256(content).hexdigest())
    assert len(digests) == 1


def test_parquet_holds_the_same_rows(publish_all: Callable[[], Publication]) -> None:
    publication = publish_all()
    parquet = publication.folder / "parquet" / "prices.parquet"
    assert (
        rows(
            publication.database,
            f"(from prices except all from '{parquet}') "
            f"union all (from '{parquet}' except all from prices)",
        )
        == []
    )
    assert rows(publication.database, f"select count(*) from '{parquet}'") == [(500,)]


def test_only_the_named_tables_are_published(warehouse: Path, published: Path) -> None:
    publication = publish(warehouse, published, ["prices"], FACTS)
    assert list(publication.tables) == ["prices"]
    assert [path.name for path in (publication.folder / "parquet").iterdir()] == ["prices.parquet"]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (["prices", "claim_verdicts"], "missing: claim_verdicts"),
        ([], "missing: every mart"),
    ],
)
def test_a_missing_mart_is_named_and_nothing_is_published(
    tables: list[str], message: str, warehouse: Path, published: Path
) -> None:
    with pytest.raises(PublicationError, match=message):
        publish(warehouse, published, tables, FACTS)
    assert current(published) is None


def test_a_mart_may_not_take_the_name_of_the_meta_table(warehouse: Path, published: Path) -> None:
    run(warehouse, "create table marts.publish_meta as select 1 as x")
    with pytest.raises(PublicationError, match="give the mart another name"):
        publish(warehouse, published, None, FACTS)


@pytest.mark.parametrize("content", [None, b"not a database, but long enough to look at" * 200])
def test_a_warehouse_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, published: Path
) -> None:
    warehouse = tmp_path / "broken.duckdb"
    if content is not None:
        warehouse.write_bytes(content)
    with pytest.raises(PublicationError, match=r"broken\.duckdb"):
        publish(warehouse, published, None, FACTS)


def test_a_warehouse_that_is_open_for_writing_is_refused(warehouse: Path, published: Path) -> None:
    import duckdb

    with duckdb.connect(str(warehouse)) as writer:
        writer.execute("insert into marts.empty_mart values ('not committed elsewhere')")
        with pytest.raises(PublicationError, match="cannot be read"):
            publish(warehouse, published, None, FACTS)


def test_three_versions_are_kept_and_the_current_one_always(
    publish_all: Callable[[], Publication], warehouse: Path, published: Path
) -> None:
    made = [publish_all().version]
    for number in range(4):
        run(warehouse, f"insert into marts.empty_mart values ('{number}')")
        made.append(publish_all().version)
    assert sorted(path.name for path in (published / "versions").iterdir()) == made[-3:]
    # Versions from a clock that ran ahead sort after everything that follows.
    for number in range(3):
        (published / "versions" / f"9{number}").mkdir()
    run(warehouse, "insert into marts.empty_mart values ('last')")
    newest = publish_all()
    assert sorted(path.name for path in (published / "versions").iterdir()) == [
        newest.version,
        "90",
        "91",
        "92",
    ]
    assert rows(published / "current.duckdb", "select count(*) from empty_mart") == [(5,)]


def test_a_damaged_manifest_is_an_error_for_readers_and_healed_by_publishing(
    publish_all: Callable[[], Publication], published: Path
) -> None:
    manifest = publish_all().folder / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text('{"version": "cut sho')
    with pytest.raises(PublicationError, match=r"manifest\.json cannot be read"):
        current(published)
    healed = publish_all()
    assert healed.is_new
    assert current(published) is not None


def test_links_that_were_lost_come_back_without_a_new_version(
    publish_all: Callable[[], Publication], published: Path
) -> None:
    first = publish_all()
    (published / "current.duckdb").unlink()
    second = publish_all()
    assert not second.is_new
    assert second.version == first.version
    assert rows(published / "current.duckdb", "select count(*) from prices") == [(500,)]


def test_names_that_need_quoting_survive(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    warehouse = folder / "warehouse.duckdb"
    run(
        warehouse,
        "create schema marts",
        """create table marts."odd ""name" as select 1 as "select", 'a' as "b'c" """,
    )
    publication = publish(warehouse, folder / "published", None, FACTS)
    assert rows(publication.database, 'select "select", "b\'c" from "odd ""name"') == [(1, "a")]


def test_files_made_from_the_marts_are_part_of_a_version(warehouse: Path, published: Path) -> None:
    def published_with(text: str) -> Publication:
        def attachment(connection: Any) -> Iterator[tuple[str, bytes]]:
            (count,) = connection.execute("select count(*) from warehouse.marts.prices").fetchone()
            yield "evidence/a.md", f"{text}: {count}".encode()

        return publish(warehouse, published, None, FACTS, (attachment,))

    first = published_with("rows")
    file = published / "current" / "evidence" / "a.md"
    assert file.read_text() == "rows: 500"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert not published_with("rows").is_new
    second = published_with("other words")
    assert second.is_new
    assert second.content_hash != first.content_hash
    assert file.read_text() == "other words: 500"


@pytest.mark.parametrize("path", ["../a.md", "/a.md", "evidence/../../a.md", "marts.duckdb"])
def test_a_file_stays_in_its_version(warehouse: Path, published: Path, path: str) -> None:
    publish(warehouse, published, None, FACTS)
    before = current(published)
    with pytest.raises(PublicationError, match="cannot be a file of the publication"):
        publish(warehouse, published, None, FACTS, (lambda _: iter([(path, b"text")]),))
    assert current(published) == before
    assert not list(published.parent.glob("*.md"))
