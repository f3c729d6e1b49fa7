"""Reading a reference CSV into a typed table, or saying everything that is wrong with it.

Belongs here: bytes to rows, and the checks that need a whole file or its neighbours.
Does not belong here: what a good cell is (`cells`), the schemas (`tables`), landing (`assets`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.reference.cells import CellError
from orchestration.defs.reference.light import column_of
from orchestration.defs.reference.schema import Column, Table
from orchestration.defs.reference.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

MOST_PROBLEMS = 20
Row = dict[str, str | int | float | date | datetime | None]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one place of a file."""

    file: str
    line: int
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = f", column {self.column}" if self.column else ""
        return f"{self.file} line {self.line}{place}: {self.found} — expected {self.expected}"


class ReferenceDataError(ValueError):
    """Reference files cannot be used. The message lists the problems, 20 of a file at most."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        shown = []
        for file, group in groupby(problems, key=lambda problem: problem.file):
            each = [str(problem) for problem in group]
            shown += each[:MOST_PROBLEMS]
            if (more := len(each) - MOST_PROBLEMS) > 0:
                shown.append(f"{file}: and {more} more")
        super().__init__("\n".join(shown))


def read_reference(path: Path) -> pa.Table:
    """Read and check one reference table; its neighbours in the folder resolve references.

    Args:
        path: `<table>.csv`, where the table is one of `tables.TABLES`.

    Returns:
        line_number int32 (the header is line 1), then the table's columns in file order.

    Raises:
        ReferenceDataError: with every problem of the file.
    """
    table = TABLES.get(path.stem)
    if table is None or path.suffix != ".csv":
        known = ", ".join(f"{name}.csv" for name in TABLES)
        raise ReferenceDataError([Problem(path.name, 1, None, "no reference table", known)])
    rows, problems = _rows(path, table)
    problems += _dangling(path, table, rows)
    if problems:
        raise ReferenceDataError(sorted(problems, key=lambda problem: problem.line))
    return _typed(table, rows)


def _typed(table: Table, rows: list[tuple[int, Row]]) -> pa.Table:
    """Return checked rows as Arrow, by way of its CSV reader: `pa.array` would import pandas."""
    import pyarrow as pa
    import pyarrow.csv as pacsv

    types = {
        "string": pa.string(),
        "int32": pa.int32(),
        "float64": pa.float64(),
        "date32": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
    }
    fields = [(column.name, types[column.arrow]) for column in table.columns]
    schema = pa.schema([("line_number", pa.int32()), *fields])
    if not rows:
        return schema.empty_table()
    plain = io.StringIO()
    csv.writer(plain).writerows([line, *row.values()] for line, row in rows)
    return pacsv.read_csv(
        io.BytesIO(plain.getvalue().encode()),
        read_options=pacsv.ReadOptions(column_names=schema.names),
        convert_options=pacsv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True
        ),
    ).combine_chunks()


def _rows(path: Path, table: Table) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """Return each line's good cells, and the problems of the others."""
    text, problems = _decoded(path)
    if text is None:
        return [], problems
    names = [column.name for column in table.columns]
    rows: list[tuple[int, Row]] = []
    seen: dict[tuple[object, ...], int] = {}
    for line, record in _records(path, text, problems):
        if line == 1:
            if record != names:
                found = f"header {_shown(','.join(record))}"
                problems.append(Problem(path.name, 1, None, found, ",".join(names)))
                return [], problems
        elif len(record) != len(names):
            found = f"{len(record)} cells ({_shown(','.join(record))})"
            problems.append(Problem(path.name, line, None, found, f"{len(names)} cells"))
        else:
            row, wrong = _parsed(path.name, line, table.columns, record)
            cell_of = dict(zip(names, record, strict=True))
            if not wrong:
                for rule in table.rules:
                    for name, expected in rule(row):
                        found = _shown(cell_of[name])
                        wrong.append(Problem(path.name, line, name, found, expected))
            key = tuple(row.get(name) for name in table.key)
            if None not in key and (first := seen.setdefault(key, line)) != line:
                found = _shown(", ".join(cell_of[name] for name in table.key))
                expected = f"each {' and '.join(table.key)} once; line {first} has it too"
                wrong.append(Problem(path.name, line, table.key[-1], found, expected))
            problems += wrong
            rows.append((line, row))
    return rows, problems


def _records(path: Path, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line where the record begins, cells); blank lines after the header are passed."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        first = next(reader, [])
        yield 1, first
        line = reader.line_num + 1
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        expected = "cells divided by commas, each quotation mark closed and doubled inside"
        problems.append(Problem(path.name, line, None, str(error), expected))


def _parsed(
    file: str, line: int, columns: tuple[Column, ...], record: list[str]
) -> tuple[Row, list[Problem]]:
    row: Row = {}
    problems = []
    for column, cell in zip(columns, record, strict=True):
        if cell == "" and column.nullable:
            row[column.name] = column.default
            continue
        try:
            if cell == "":
                raise CellError("a value")
            row[column.name] = column.parse(cell)
        except CellError as error:
            problems.append(Problem(file, line, column.name, _shown(cell), str(error)))
    return row, problems


def _dangling(path: Path, table: Table, rows: list[tuple[int, Row]]) -> Iterator[Problem]:
    """Yield the words that should name a row of another table and do not."""
    for column in table.columns:
        if column.references is None:
            continue
        neighbour = path.with_name(f"{column.references}.csv")
        key = TABLES[column.references].key[0]
        known = set(column_of(neighbour, key))
        where = f"a {key} of {neighbour.name}"
        if not known:
            where += ", which holds none" if neighbour.is_file() else ", which is missing"
        words = (
            (line, word) for line, row in rows for word in str(row.get(column.name) or "").split()
        )
        wrong = [
            Problem(path.name, line, column.name, _shown(word), where)
            for line, word in words
            if word not in known
        ]
        # When the neighbour is broken, every row dangles for one and the same reason.
        yield from wrong if known else wrong[:1]


def _decoded(path: Path) -> tuple[str | None, list[Problem]]:
    """Return the text with plain line ends, or None when no part of it can be trusted."""
    problems: list[Problem] = []

    def problem(at: int, found: str, expected: str) -> None:
        problems.append(Problem(path.name, data.count(b"\n", 0, at) + 1, None, found, expected))

    try:
        data = path.read_bytes()
    except OSError as error:
        found = error.strerror or type(error).__name__
        return None, [Problem(path.name, 1, None, found, f"a readable file {path}")]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem(0, "UTF-16 text", "UTF-8; save the file as plain UTF-8")
        return None, problems
    if data.startswith(b"\xef\xbb\xbf"):
        problem(0, "a byte order mark", "plain UTF-8; save the file without the mark (BOM)")
        data = data[3:]
    if (at := data.find(b"\x00")) >= 0:
        problem(at, "a NUL byte", "text; restore the file, it is damaged or no CSV")
        return None, problems
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        problem(error.start, f"byte 0x{data[error.start]:02x}", "UTF-8; save the file as UTF-8")
        return None, problems
    if match := re.search(rb"\r", data):
        expected = "Unix line ends (LF); save the file with them"
        problem(match.start(), "a Windows or old Macintosh line end (CR)", expected)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _shown(cell: str) -> str:
    """Return a cell in quotes, control characters escaped, long ones cut."""
    return repr(cell if len(cell) <= 60 else f"{cell[:57]}...")
