"""Reading a CSV file of any length into checked columns, or naming the first thing wrong with it.

Belongs here: bytes to columns, by Arrow, whole columns at a time. Does not belong here: what a
column may hold (`fields`), which line a row is (`records`) and what the rows mean (`series`,
`events`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.reference.cells import CellError
from orchestration.study.fields import Field
from orchestration.study.records import located, records, refused, wrong

if TYPE_CHECKING:
    import pyarrow as pa


def header(path: Path) -> list[str]:
    """Return the names of a file's columns.

    Raises:
        ReferenceDataError: no readable file, no header, or a name that stands twice.
    """
    try:
        _, names = next(records(path), (1, []))
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise wrong(path, 1, None, found, "a readable CSV file; check the path") from error
    if not any(names):
        raise wrong(path, 1, None, "an empty file", "a header and rows")
    for name in names:
        if names.count(name) > 1 or not name:
            raise wrong(path, 1, name, repr(name), "each column named, and named once")
    return names


def read(path: Path, fields: Mapping[str, Field]) -> pa.Table:
    """Return the given columns, all of which the header has, in file order.

    Texts come as dictionaries. Each row of the table is a record of the file.

    Raises:
        ReferenceDataError: the first thing that is wrong.
    """
    import pyarrow as pa
    import pyarrow.csv as pacsv

    types = {
        "text": pa.dictionary(pa.int32(), pa.string()),
        "day": pa.date32(),
        "number": pa.float64(),
    }
    try:
        table = pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(block_size=1 << 24),
            convert_options=pacsv.ConvertOptions(
                column_types={name: types[field.arrow] for name, field in fields.items()},
                include_columns=list(fields),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowException as error:
        raise located(path, fields, error) from error
    if not table.num_rows:
        raise wrong(path, 1, None, "no rows", "at least one row below the header")
    table = table.unify_dictionaries().combine_chunks()
    for name, field in fields.items():
        row, expected = _first_bad(table[name].combine_chunks(), field)
        if row is not None:
            raise refused(path, row, name, expected)
    return table


def _first_bad(column: pa.Array, field: Field) -> tuple[int | None, str]:
    """Return the first row that the field does not allow, and what it does."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count and not field.nullable:
        return pc.index(pc.is_null(column), pa.scalar(True)).as_py(), field.expected
    if field.is_good is not None:
        good = field.is_good(column.to_numpy(zero_copy_only=False)) | pc.is_null(column).to_numpy(
            zero_copy_only=False
        )
        return (None, "") if good.all() else (int(np.argmin(good)), field.expected)
    if field.arrow == "text":
        for code, text in enumerate(column.dictionary.to_pylist()):
            try:
                field.parse(text)
            except CellError as error:
                return pc.index(column.indices, pa.scalar(code, pa.int32())).as_py(), str(error)
    return None, ""
