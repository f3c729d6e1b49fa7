"""What one column of a study's CSV file may hold.

Belongs here: a column's type, its check over a whole column and the words for what was expected.
Does not belong here: how a file is read (`reading`) and which file has which column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.defs.reference import cells
from orchestration.defs.reference.cells import CellError, Parser

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

BENCHMARK_FACTOR = "benchmark"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One column.

    Attributes:
        arrow: how it is read: text, day or number.
        parse: turns a cell that is not empty into a value, or says what was expected.
        nullable: whether an empty cell is allowed.
        expected: of a number, in words.
        is_good: of a number, the same check over a whole column.
    """

    arrow: str
    parse: Parser
    nullable: bool = False
    expected: str = "a value"
    is_good: Callable[[Numbers], Flags] | None = None


def _number(expected: str, is_good: Callable[[Numbers], Flags]) -> Field:
    def parse(cell: str) -> float:
        import numpy as np

        value = np.array([float(cell) if _NUMBER.fullmatch(cell.strip()) else np.nan])
        if not is_good(value)[0]:
            raise CellError(expected)
        return float(value[0])

    return Field("number", parse, nullable=True, expected=expected, is_good=is_good)


def _between(low: float, high: float) -> Callable[[Numbers], Flags]:
    def is_good(values: Numbers) -> Flags:
        # what is no number compares as false
        inside: Flags = (values > low) & (values < high)
        return inside

    return is_good


_INFINITY = float("inf")
_HOW = "with a point and no thousands sign; leave the cell empty where there is none"

SYMBOL = Field("text", cells.symbol)
DAY = Field("day", cells.day)
GROUP = Field("text", cells.group_name, nullable=True)
EVENT_ID = Field("text", cells.identifier)
PRICE = _number(f"a price above 0 such as 60.36, {_HOW}", _between(0.0, _INFINITY))
DIVIDEND = _number(
    f"a dividend of 0 or more such as 0.25, {_HOW}",
    lambda values: (values >= 0) & (values < _INFINITY),
)
RETURN = _number(
    f"a return as a fraction, such as 0.012 for 1.2 %, {_HOW}",
    _between(-1.0, 1.0),
)


def factor_name(cell: str) -> str:
    """Return a factor's name; `benchmark` is each instrument's own and can be no column."""
    if cell == BENCHMARK_FACTOR:
        raise CellError("another name: in a study `benchmark` is each instrument's own")
    return str(cells.factor(cell))
