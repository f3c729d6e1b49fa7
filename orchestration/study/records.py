"""Where in a CSV file something stands: the slow reading, which only a wrong file pays for.

Belongs here: records with their lines, and errors that name them. Does not belong here: the fast
reading (`reading`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestration.defs.reference.cells import CellError
from orchestration.defs.reference.validation import Problem, ReferenceDataError
from orchestration.study.fields import Field


def wrong(
    path: Path, line: int, column: str | None, found: str, expected: str
) -> ReferenceDataError:
    """Return the error for one place of a file."""
    return ReferenceDataError([Problem(str(path), line, column, found, expected)])


def refused(path: Path, row: int, column: str, expected: str) -> ReferenceDataError:
    """Return the error for a cell of a row that could be read."""
    line, record = _record(path, row)
    found = dict(zip(_names(path), record, strict=False)).get(column, "")
    return wrong(path, line, column, shown(found), expected)


def line_of(path: Path, row: int) -> int:
    """Return the line on which a row of the table stands."""
    return _record(path, row)[0]


def _record(path: Path, row: int) -> tuple[int, list[str]]:
    following = records(path)
    next(following)
    for number, (line, record) in enumerate(following):
        if number == row:
            return line, record
    return 1, []


def _names(path: Path) -> list[str]:
    return next(records(path))[1]


def located(path: Path, fields: Mapping[str, Field], error: Exception) -> ReferenceDataError:
    """Return what stopped the fast reading: the first cell that is wrong by itself."""
    names: list[str] = []
    for line, record in records(path):
        if not names:
            names = record
            continue
        if len(record) != len(names):
            found = f"{len(record)} cells ({shown(','.join(record))})"
            return wrong(path, line, None, found, f"{len(names)} cells ({shown(','.join(names))})")
        for name, cell in zip(names, record, strict=True):
            field = fields.get(name)
            if field is None or (cell == "" and field.nullable):
                continue
            try:
                if cell == "":
                    raise CellError(field.expected)
                field.parse(cell)
            except CellError as reason:
                return wrong(path, line, name, shown(cell), str(reason))
    return wrong(path, 1, None, shown(str(error)), "a plain CSV file")


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line where it begins."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        before = 0
        try:
            for record in reader:
                if record:
                    yield before + 1, record
                before = reader.line_num
        except csv.Error as error:
            expected = "cells divided by commas, quotation marks closed"
            raise wrong(path, before + 1, None, str(error), expected) from error
        except UnicodeDecodeError as error:
            line = _undecodable_line(path)
            expected = "UTF-8; save the file as plain UTF-8"
            raise wrong(path, line, None, "text that is not UTF-8", expected) from error


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def shown(text: str) -> str:
    """Return a text from outside in quotes, control characters escaped, cut when it is long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
