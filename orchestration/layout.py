"""How numbers, tables and texts look in a terminal.

Belongs here: layout alone, for every verb. Does not belong here: what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float | None, form: str) -> str:
    """Return a number in a format, or a dash for none."""
    return "-" if value is None else format(value, form)


def probability(p_value: float | None) -> str:
    """Return a p-value; a small one does not read as zero."""
    return "<0.0001" if p_value is not None and p_value < 0.0001 else number(p_value, ".4f")


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table, its first row as the header, in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return [lines[0], "─" * max(len(line) for line in lines), *lines[1:]]


def plain(cell: object) -> str:
    """Return a cell without control characters: text from outside must not move the cursor."""
    text = "-" if cell is None else str(cell)
    return "".join(character if character.isprintable() else "?" for character in text)
