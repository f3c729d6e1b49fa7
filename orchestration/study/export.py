"""The marts of a study as files: CSV for a person, Parquet for a program.

Belongs here: which marts a study gives and how they are written. Does not belong here: where
(`folders`), and anything computed from them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from orchestration.defs.publishing.contents import SCHEMA, identifier, literal, reading
from orchestration.defs.publishing.facts import code_revision
from orchestration.spreadsheets import write_csv
from orchestration.study.folders import MARK

MARTS = (
    "event_study_results",
    "event_window_returns",
    "event_group_tests",
    "event_exclusions",
    "event_estimations",
    "specification_curve",
    "price_incidents",
)


def export(warehouse: Path, folder: Path, inputs: Mapping[str, Path], study: object) -> None:
    """Write each mart as `<mart>.csv` and `<mart>.parquet`, and `study.json` beside them.

    Args:
        warehouse: the study's built warehouse.
        folder: empty.
        inputs: the files that the study was made from, by what they are.
        study: the study's parameters.
    """
    rows = {}
    with reading(warehouse) as connection:
        built = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' "
            "and schema_name = ?",
            [SCHEMA],
        ).fetchall()
        names = {name for (name,) in built}
        for mart in MARTS:
            if mart not in names:
                continue
            source = f"warehouse.{SCHEMA}.{identifier(mart)}"
            rows[mart] = write_csv(connection, source, folder / f"{mart}.csv")
            connection.execute(
                f"copy (from {source} order by all) to {literal(folder / f'{mart}.parquet')} "
                "(format parquet, compression zstd)"
            )
    mark = {
        "study": study,
        "inputs": {
            what: {"file": path.name, "sha256": _digest(path)} for what, path in inputs.items()
        },
        "code_revision": code_revision(),
        "rows": rows,
    }
    (folder / MARK).write_text(json.dumps(mark, indent=2, default=str) + "\n")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
