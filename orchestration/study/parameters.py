"""The parameters of a study: a row of `studies.csv`, or a person's own file with one row.

Belongs here: finding the row and holding it to the reference table's own rules. Does not belong
here: what a parameter means (`orchestration.defs.reference.tables`).
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError, read_reference
from orchestration.study.fields import BENCHMARK_FACTOR
from orchestration.study.reading import header
from orchestration.study.records import wrong

if TYPE_CHECKING:
    import pyarrow as pa

OWN_ID = "study"


def read_study(study: str, reference: Path, factors: Sequence[str]) -> pa.Table:
    """Return the one row of `studies`, as it lands.

    A study without a word on `pooled` pools all events: that is what a paper's table shows.

    Args:
        study: a study_id of `studies.csv`, or the path of a CSV file with one row.
        reference: the folder of `studies.csv`.
        factors: the factors that there are.

    Raises:
        ReferenceDataError: no such study, or a cell of it cannot be used.
    """
    is_file = study.endswith(".csv") or os.sep in study
    path = Path(study) if is_file else reference / "studies.csv"
    known = [column.name for column in TABLES["studies"].columns]
    if unknown := [name for name in header(path) if name not in known]:
        raise wrong(path, 1, unknown[0], "an unknown column", f"columns of {','.join(known)}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, restkey="", restval="")
        rows = [(reader.line_num, row) for row in reader]
    if is_file and len(rows) != 1:
        raise wrong(path, 1, None, f"{len(rows)} rows", "one row, the study, below the header")
    chosen = [(line, row) for line, row in rows if is_file or row.get("study_id") == study]
    if not chosen:
        ids = ", ".join(str(row.get("study_id")) for _, row in rows)
        expected = f"one of {ids}, or the path of a CSV file with one row"
        raise wrong(path, 1, "study_id", repr(study[:60]), expected)
    line, row = chosen[0]
    if "" in row:
        raise wrong(path, line, None, "too many cells", f"{len(header(path))} cells")
    if not row.get("study_id"):
        row["study_id"] = OWN_ID
    if not is_file or not row.get("pooled"):
        row["pooled"] = "study"
    _check_factors(path, line, row.get("factors") or "", factors)
    return _checked(path, line, {name: row.get(name) or "" for name in known})


def _check_factors(path: Path, line: int, named: str, factors: Sequence[str]) -> None:
    for word in named.split():
        if word not in (BENCHMARK_FACTOR, *factors):
            have = ", ".join((BENCHMARK_FACTOR, *factors))
            expected = f"one of {have}; the factors file (FACTORS) has no other"
            raise wrong(path, line, "factors", repr(word), expected)


def _checked(path: Path, line: int, row: Mapping[str, str]) -> pa.Table:
    """Return the row as the reference reader sees it; what it finds is said of its own file."""
    with tempfile.TemporaryDirectory(prefix="aftershock-") as scratch:
        alone = Path(scratch) / "studies.csv"
        with alone.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows([row.keys(), row.values()])
        try:
            return read_reference(alone)
        except ReferenceDataError as error:
            problems = [replace(each, file=str(path), line=line) for each in error.problems]
            raise ReferenceDataError(problems) from error
