"""The floor: read the inputs of the engine once and write its outputs, without working them out.

Run as a process of its own: `python -m tests.benchmarks.scan_and_copy WAREHOUSE OUT PARENT...`.
Does not belong here: anything that computes a number.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from tests.benchmarks.engine import MARTS
from tests.benchmarks.upstream_tables import READ_OF

NUMBERS = ("INTEGER", "BIGINT", "DOUBLE")


def main(warehouse: str, out: str, *parents: str) -> None:
    """Scan the parents, copy the marts; print the CPU seconds without starting up."""
    begun = time.process_time()
    Path(out).unlink(missing_ok=True)
    with duckdb.connect(out) as connection:
        connection.execute("set threads = 1; set timezone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as built (read_only)")
        for parent in parents:
            scan(connection, parent)
        marts = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'built' and schema_name = 'marts'"
        ).fetchall()
        for (mart,) in marts:
            if mart in MARTS:
                connection.execute(f"create table {mart} as from built.marts.{mart}")
    print(time.process_time() - begun)


def scan(connection: duckdb.DuckDBPyConnection, parent: str) -> None:
    """Touch every value of the columns that the engine reads."""
    columns = connection.execute(f"describe built.{parent}").fetchall()
    wanted = READ_OF.get(parent.rpartition(".")[2], [column[0] for column in columns])
    touched = [
        f"sum({column[0]})" if column[1] in NUMBERS else f"max({column[0]})"
        for column in columns
        if column[0] in wanted
    ]
    # the sum of something keeps the answer from coming out of the file's statistics
    connection.execute(f"select sum(1.5), {', '.join(touched)} from built.{parent}").fetchall()


if __name__ == "__main__":
    main(*sys.argv[1:])
