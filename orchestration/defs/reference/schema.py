"""What a schema of a reference table is made of.

Belongs here: a column and a table. Does not belong here: the tables themselves (`tables`).
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.defs.reference import rules
from orchestration.defs.reference.cells import Parser, Value


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: as in the header.
        parse: turns a non-empty cell into a value or says what was expected.
        arrow: the landed type: string, int32, float64, date32 or timestamp.
        nullable: whether an empty cell is allowed.
        default: what an empty cell means; null when absent.
        references: the table whose first key column must hold each word of the cell.
    """

    name: str
    parse: Parser
    arrow: str = "string"
    nullable: bool = False
    default: Value | None = None
    references: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: what it holds, its columns, its key and its rules across cells."""

    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[rules.Rule, ...] = ()
