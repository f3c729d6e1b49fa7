"""Reading one column of a reference CSV without judging the rest.

Belongs here: what must work on a file that may be broken, cheaply, also while definitions
load. Does not belong here: validation, which reports what is broken.
"""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.defs.reference import cells


def column_of(path: Path, column: str) -> list[str]:
    """Return the non-empty cells of a column, in order, as far as the file can be read.

    Returns:
        An empty list when the file or the column is absent.
    """
    found: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            for row in csv.DictReader(lines):
                if cell := row.get(column):
                    found.append(cell)
    except (OSError, csv.Error):
        return found
    return found


def figure_ids(path: Path) -> list[str]:
    """Return the well-formed ids of `documented_figures.csv`, each once, in file order.

    It names asset checks while definitions load, so a broken file must not stop the load:
    what is broken is reported when the table lands.
    """
    ids: dict[str, None] = {}
    for cell in column_of(path, "figure_id"):
        try:
            cells.identifier(cell)
        except cells.CellError:
            continue
        ids[cell] = None
    return list(ids)
