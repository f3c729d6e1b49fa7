"""Publication under load and under fault: real processes, real kills, a really full disk."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.publishing.publication import Facts, PublicationError, current
from orchestration.defs.publishing.publish import publish
from orchestration.settings import ROOT

FACTS = Facts(inputs="fingerprint", run_id="run", code_revision="abc", data_as_of={})
ROWS = 2000


def build(warehouse: Path, generation: int, rows: int = ROWS) -> None:
    """Two marts that carry the same generation in every row: the invariant of one version."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        for mart in ("left_half", "right_half"):
            connection.execute(
                f"create or replace table marts.{mart} as select {generation} as generation, "
                f"i, hash(i) as noise from range({rows}) as numbers(i)"
            )


def generation_of(database: Path) -> int:
    """The generation of a published file, after checking that both halves agree on it."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return whole_generation(connection)


def whole_generation(connection: duckdb.DuckDBPyConnection) -> int:
    (seen,) = connection.execute(WHOLE).fetchall()
    low, high, rows = seen
    assert (low, rows) == (high, 2 * ROWS), seen
    return int(low)


WHOLE = """
select min(generation), max(generation), count(*)
from (from left_half union all by name from right_half)
"""

READER = """
import json, sys, time, duckdb
from pathlib import Path
published, whole, rows = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen, reads = [], 0
link, one = str(published / "current.duckdb"), {"threads": 1}
pooled = duckdb.connect(link, read_only=True, config=one)
held = pooled.execute(whole).fetchall()
print("ready", flush=True)
is_last = False
while not is_last:
    # Looked at before the read: the last read is of the last publication.
    is_last = (published / "stop").exists()
    with duckdb.connect(link, read_only=True, config=one) as connection:
        low, high, count = connection.execute(whole).fetchone()
        version = connection.execute("select distinct version from publish_meta").fetchall()
    assert low == high and count == 2 * rows and len(version) == 1, (low, high, count, version)
    assert pooled.execute(whole).fetchall() == held
    if not seen or seen[-1] != low:
        seen.append(low)
    manifest = json.loads((published / "current" / "manifest.json").read_text())
    assert set(manifest["tables"]) == {"left_half", "right_half"}
    reads += 1
    time.sleep(0.1)
print(json.dumps({"seen": seen, "reads": reads, "held": held[0][0]}))
"""


def test_four_readers_see_only_whole_versions_while_a_hundred_are_published(tmp_path: Path) -> None:
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    build(warehouse, 0)
    publish(warehouse, published, None, FACTS)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(published), WHOLE, str(ROWS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    for generation in range(1, 101):
        build(warehouse, generation)
        assert publish(warehouse, published, None, FACTS).is_new
    (published / "stop").touch()
    for reader in readers:
        out, err = reader.communicate(timeout=30)
        assert reader.returncode == 0, err
        report = json.loads(out)
        # Each opened version was whole, none came back, and the connection that was opened
        # first, whose file has long been removed, still answers from its own version.
        assert report["seen"] == sorted(report["seen"])
        assert report["seen"][-1] == 100
        assert report["held"] == 0
        assert report["reads"] > 10
        assert len(report["seen"]) > 5


def test_a_process_that_pools_connections_sees_the_new_file_when_it_opens_the_path_again(
    tmp_path: Path,
) -> None:
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    link = str(published / "current.duckdb")
    build(warehouse, 1)
    publish(warehouse, published, None, FACTS)
    pool = [duckdb.connect(link, read_only=True) for _ in range(3)]
    assert [whole_generation(connection) for connection in pool] == [1, 1, 1]
    build(warehouse, 2)
    publish(warehouse, published, None, FACTS)
    # The pool is still open, so DuckDB still has the old file's instance in this process.
    pool.append(duckdb.connect(link, read_only=True))
    assert [whole_generation(connection) for connection in pool] == [1, 1, 1, 2]
    for connection in pool:
        connection.close()


def stray_log(folder: Path) -> Path:
    """A write-ahead log with a committed row, left by a writer of another file."""
    other = folder / "other.duckdb"
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute('create table left_half (generation int, i bigint, noise ubigint)'); "
        "c.execute('checkpoint'); c.execute('pragma disable_checkpoint_on_shutdown'); "
        "c.execute('insert into left_half values (-1, -1, 1)'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(other)], check=False).returncode == 9
    return other.with_name("other.duckdb.wal")


def test_a_stray_log_reaches_no_reader_of_a_later_version(tmp_path: Path) -> None:
    """DuckDB replays a log that lies beside the real file, even one of another database.

    Each version has a folder of its own, so a log beside an old version is beside no other; a log
    beside a link is not looked at, because the link is resolved first; and every publication
    sweeps what lies beside a version.
    """
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    log = stray_log(tmp_path)
    build(warehouse, 1)
    first = publish(warehouse, published, None, FACTS)
    shutil.copy(log, published / "current.duckdb.wal")
    assert generation_of(published / "current.duckdb") == 1
    shutil.copy(log, first.folder / "marts.duckdb.wal")
    # This is the danger, shown: the reader of this very version sees a row that is not its own.
    with pytest.raises(AssertionError, match="-1"):
        generation_of(published / "current.duckdb")
    build(warehouse, 2)
    second = publish(warehouse, published, None, FACTS)
    assert generation_of(published / "current.duckdb") == 2
    assert generation_of(first.database) == 1
    shutil.copy(log, second.folder / "marts.duckdb.wal")
    assert not publish(warehouse, published, None, FACTS).is_new
    assert generation_of(published / "current.duckdb") == 2


# A process that has everything imported and no database open, so that each publisher is one fork.
NURSERY = """
import os, signal, sys, time
from pathlib import Path
import duckdb
from orchestration.defs.publishing.publication import Facts
from orchestration.defs.publishing.publish import publish
warehouse, published = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    kind, amount = line.split()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        steps = 0
        def die_at_step(event, arguments):
            global steps
            # what Python does to the published folder; DuckDB's own writes lie between
            if event in FILE_EVENTS and str(published) in str(arguments[0]):
                steps += 1
                if kind == "step" and steps == int(amount):
                    os.kill(os.getpid(), signal.SIGKILL)
        FILE_EVENTS = {"os.mkdir", "os.rename", "os.symlink", "os.remove", "os.chmod", "os.rmdir",
                       "tempfile.mkdtemp", "shutil.rmtree"}
        sys.addaudithook(die_at_step)
        os.write(write_end, b"x")
        publish(warehouse, published, None, Facts("fingerprint", "run", "abc", {}))
        os._exit(0)
    os.read(read_end, 1)
    if kind == "seconds":
        time.sleep(float(amount))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(read_end); os.close(write_end)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Callable[[str], int]]:
    """Give a function that forks a publisher and kills it; it returns the exit code."""
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            NURSERY,
            str(tmp_path / "warehouse.duckdb"),
            str(tmp_path / "published"),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        assert nursery.stdout.readline() == "ready\n"

        def killed(when: str) -> int:
            assert nursery.stdin is not None
            assert nursery.stdout is not None
            nursery.stdin.write(f"{when}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        yield killed
        nursery.stdin.close()


def assert_old_or_new(published: Path, old: int, new: int) -> int:
    """Check what a reader sees, link, file, Parquet and manifest alike."""
    publication = current(published)
    assert publication is not None
    generation = generation_of(published / "current.duckdb")
    assert generation in (old, new)
    with duckdb.connect() as connection:
        parquet = connection.execute(
            f"select distinct generation from '{publication.folder}/parquet/*.parquet'"
        ).fetchall()
    assert parquet == [(generation,)]
    return generation


def assert_healed(tmp_path: Path, generation: int) -> None:
    publish(tmp_path / "warehouse.duckdb", tmp_path / "published", None, FACTS)
    assert generation_of(tmp_path / "published" / "current.duckdb") == generation
    names = [entry.name for entry in (tmp_path / "published" / "versions").iterdir()]
    assert [name for name in names if name.startswith(".")] == []
    assert len(names) <= 3


def test_a_publisher_killed_at_random_moments_leaves_old_or_new(
    tmp_path: Path, publisher: Callable[[str], int]
) -> None:
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    for generation in (-1, 0):
        build(warehouse, generation)
        began = time.perf_counter()
        publish(warehouse, published, None, FACTS)
        usual = time.perf_counter() - began
    chance = random.Random(20250127)  # noqa: S311 - repeatable moments, not secrets
    outcomes = set()
    for generation in range(1, 51):
        build(warehouse, generation)
        code = publisher(f"seconds {chance.uniform(0, 1.5 * usual)}")
        outcomes.add(code)
        assert_old_or_new(published, generation - 1, generation)
        assert_healed(tmp_path, generation)
    assert -9 in outcomes


def test_a_publisher_killed_at_each_change_of_the_file_system_leaves_old_or_new(
    tmp_path: Path, publisher: Callable[[str], int]
) -> None:
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    # Four versions, so that retention removes one too.
    for generation in range(4):
        build(warehouse, generation)
        publish(warehouse, published, None, FACTS)
    generation, step, seen = 3, 0, set()
    while True:
        generation, step = generation + 1, step + 1
        build(warehouse, generation)
        code = publisher(f"step {step}")
        if code == 0:
            break
        assert code == -9
        seen.add(assert_old_or_new(published, generation - 1, generation) == generation)
        assert_healed(tmp_path, generation)
    # It died before the flip and after it, and at more than a handful of places.
    assert seen == {False, True}
    assert step > 10


LIMITED = """
import resource, sys
from pathlib import Path
from orchestration.defs.publishing.publication import Facts, PublicationError
from orchestration.defs.publishing.publish import publish
import duckdb
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    publish(Path(sys.argv[1]), Path(sys.argv[2]), None, Facts("fingerprint", "run", "abc", {}))
except PublicationError as error:
    print(error)
"""


def assert_refused(message: str, published: Path, warehouse: Path) -> None:
    needed = warehouse.stat().st_size / 1e6
    assert f"no publication could be written in {published}: " in message
    assert f"About {needed:.1f} MB are needed there" in message
    assert "MB are free" in message
    assert generation_of(published / "current.duckdb") == 1
    assert len(list((published / "versions").iterdir())) == 1


def test_a_file_that_cannot_grow_leaves_the_old_publication(tmp_path: Path) -> None:
    """Works without any privilege, so a full disk is tested wherever the tests run."""
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published"
    build(warehouse, 1)
    publish(warehouse, published, None, FACTS)
    build(warehouse, 2, rows=300_000)
    answer = subprocess.run(
        [sys.executable, "-c", LIMITED, str(warehouse), str(published)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert_refused(answer.stdout, published, warehouse)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root; the test with a file size limit covers it")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_the_old_publication_and_room_heals_it(
    tmp_path: Path, small_disk: Path
) -> None:
    warehouse, published = tmp_path / "warehouse.duckdb", small_disk / "published"
    build(warehouse, 1)
    publish(warehouse, published, None, FACTS)
    build(warehouse, 2, rows=300_000)
    with pytest.raises(PublicationError) as caught:
        publish(warehouse, published, None, FACTS)
    assert_refused(str(caught.value), published, warehouse)
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    assert publish(warehouse, published, None, FACTS).is_new
