"""What must hold between the rows of a file, over whole columns: once, and known.

Belongs here: checks of keys and references. Does not belong here: one cell by itself (`fields`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.study.records import line_of, refused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def key_of(texts: pa.ChunkedArray, days: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return one whole number for each pair of a text and a day."""
    import numpy as np

    codes = texts.combine_chunks().indices.to_numpy().astype(np.int64)
    keys: npt.NDArray[np.int64] = (codes << 32) + numbers_of(days)
    return keys


def numbers_of(days: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return the days since 1970."""
    import numpy as np

    numbers: npt.NDArray[np.int64] = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    return numbers


def check_once(path: Path, keys: npt.NDArray[np.int64], column: str, expected: str) -> None:
    """Raise the error for the first key that stands in two rows of a file."""
    import numpy as np

    if (keys[1:] > keys[:-1]).all():
        return
    order = np.argsort(keys, kind="stable")
    again = order[1:][keys[order[1:]] == keys[order[:-1]]]
    if len(again):
        row = int(again.min())
        first = line_of(path, int(np.argmax(keys == keys[row])))
        raise refused(path, row, column, f"{expected}; line {first} has it too")


def check_known(
    path: Path, table: pa.Table, column: str, known: Sequence[str], expected: str
) -> None:
    """Raise the error for the first text of a column that is not known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.is_in(table[column].cast(pa.string()), value_set=pa.array(known, pa.string()))
    row = pc.index(found, pa.scalar(False)).as_py()
    if row >= 0:
        raise refused(path, row, column, expected)
