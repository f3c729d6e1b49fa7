"""Reading Parquet files with DuckDB, without importing pandas.

Belongs here: opening files as views. Does not belong here: the questions asked of them.

pandas costs a second to import, more than a whole fetch of recorded bars. DuckDB imports it as
soon as a query has a parameter or reads an Arrow table, and pyarrow as soon as it makes a value
or groups a table. So the queries of this package are fixed texts over views of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def parquet_views(**views: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory with one view per name, each over at least one file."""
    import duckdb

    connection = duckdb.connect()
    for name, files in views.items():
        paths = [str(path) for path in files]
        connection.read_parquet(paths, union_by_name=True).create_view(name)
    return connection
