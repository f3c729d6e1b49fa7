"""Writes a made-up universe into a warehouse file as whatever stands upstream of the engine.

Belongs here: finding the engine's parents that are not of the engine, and filling them chunk by
chunk. Does not belong here: what the rows hold (synthetic.py) and how each table is made of them
(upstream_tables.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.benchmarks.synthetic import EXCHANGES, Events, Shock, Universe
from tests.benchmarks.upstream_tables import OF_BARS, SMALL

MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Study:
    """A row of studies.csv; None is an empty cell."""

    study_id: str = "default"
    return_type: str = "simple"
    estimation_sessions: int = 250
    estimation_last: int = -11
    minimum_observations: int = 120
    event_window_first: int = -10
    event_window_last: int = 10
    models: str = "market_model"
    windows: str = "0:0 -1:1 0:5 -10:10"
    factors: str | None = None
    tests: str | None = None
    pooled: str = "event"
    specification_estimation_sessions: str | None = None

    @property
    def table(self) -> pa.Table:
        """Return the row; numbers as narrow as the landing has them."""
        row = asdict(self)
        kinds = {name: pa.int32() if isinstance(row[name], int) else pa.string() for name in row}
        return pa.Table.from_pylist([row], pa.schema(kinds.items()))


@dataclass(frozen=True)
class Parent:
    """A table that an engine model refers to and that is not of the engine."""

    schema: str
    name: str
    columns: frozenset[str]

    @property
    def relation(self) -> str:
        """Return its name in the warehouse."""
        return f"{self.schema}.{self.name}"


def parents_of(engine: Sequence[str], manifest: Mapping[str, Any]) -> list[Parent]:
    """Return the parents of the engine's models, or fail on one that cannot be made up."""
    nodes = manifest["nodes"] | manifest["sources"]
    above = {parent for key in engine for parent in nodes[key]["depends_on"]["nodes"]}
    outside = sorted(above - set(engine))
    unknown = [key for key in outside if nodes[key]["name"] not in SMALL.keys() | OF_BARS.keys()]
    if unknown:
        raise SystemExit(
            f"the event-study engine refers to {', '.join(unknown)}, which "
            "tests/benchmarks/upstream_tables.py cannot make up: add its SQL there"
        )
    return [
        Parent(nodes[key]["schema"], nodes[key]["name"], frozenset(nodes[key]["columns"]))
        for key in outside
    ]


def write(
    warehouse: Path,
    parents: Sequence[Parent],
    universe: Universe,
    *,
    events: Events,
    study: Study,
    shock: Shock | None = None,
) -> None:
    """Create the parents; the bars stay as they are if the same ones were written before."""
    made_of = warehouse.with_suffix(".universe")
    wide = [parent for parent in parents if parent.name in OF_BARS]
    made = [(each.relation, sorted(each.columns), OF_BARS[each.name]) for each in wide]
    stamp = repr((universe, shock, made))
    is_known = made_of.exists() and made_of.read_text() == stamp
    if not is_known:
        warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'; set timezone = 'UTC'")
        connection.execute("set threads = 1")
        for schema in {parent.schema for parent in parents}:
            connection.execute(f"create schema if not exists {schema}")
        if not is_known:
            _write_bars(connection, wide, universe, shock)
        _write_small(connection, parents, universe, events, study)
        for parent in parents:
            _check_columns(connection, parent)
    made_of.write_text(stamp)


def _write_bars(
    connection: duckdb.DuckDBPyConnection,
    wide: Sequence[Parent],
    universe: Universe,
    shock: Shock | None,
) -> None:
    for number, chunk in enumerate(universe.chunks(shock)):
        connection.register("chunk", chunk)
        for parent in wide:
            how = "insert into {} {}" if number else "create or replace table {} as {}"
            connection.execute(how.format(parent.relation, OF_BARS[parent.name]))
        connection.unregister("chunk")


def _write_small(
    connection: duckdb.DuckDBPyConnection,
    parents: Sequence[Parent],
    universe: Universe,
    events: Events,
    study: Study,
) -> None:
    given = {
        "given_study": study.table,
        "given_exchanges": pa.table({"mic": list(EXCHANGES)}),
        "given_sessions": universe.sessions_table,
        "given_factors": universe.factors_table,
        "given_instruments": universe.instruments_table,
        "given_events": events.events_table,
        "given_members": events.members_table,
    }
    for name, table in given.items():
        connection.register(name, table)
    for parent in parents:
        if parent.name in SMALL:
            sql = SMALL[parent.name]
            connection.execute(f"create or replace table {parent.relation} as {sql}")


def _check_columns(connection: duckdb.DuckDBPyConnection, parent: Parent) -> None:
    made = {row[0] for row in connection.execute(f"describe {parent.relation}").fetchall()}
    if missing := sorted(parent.columns - made):
        raise SystemExit(
            f"{parent.name} has the new columns {', '.join(missing)}: "
            "tests/benchmarks/upstream_tables.py has to make them up"
        )
