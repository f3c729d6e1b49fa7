"""The qualifier beside a figure: almost 17%, 3 percent or more, as much as 5%.

Belongs here: what touches a figure on either side. Does not belong here: the figure (`figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.schema import QUALIFIERS
from orchestration.defs.claims.text import Token

_BEFORE = frozenset(f"qualifiers.before.{name}" for name in QUALIFIERS)
_AFTER = frozenset(f"qualifiers.after.{name}" for name in QUALIFIERS)
_PERCENT = ("units.percent", "units.point")
_SHORT = 3


def qualified(
    made: Mark, marks: Sequence[Mark], first: int, after: int, sentence: Sequence[Token]
) -> Mark:
    """Add the qualifier that touches a figure on either side."""
    figure, start, end = made.figure, made.start, made.end
    assert figure is not None  # noqa: S101
    qualifier, is_level, sign = None, False, figure.sign
    while first and marks[first - 1].has("numbers.one") and marks[first - 1].end >= start - 1:
        # "más de UN 3%"
        first, start = first - 1, marks[first - 1].start
    if first and marks[first - 1].end >= start - 1:
        before = marks[first - 1]
        gap = sentence[before.end : start]
        # "from 3% TO 5%" is no "up to 5%"
        is_range = first > 1 and marks[first - 2].end == before.start and before.has("ranges.to")
        is_range = is_range and marks[first - 2].has("numbers.digits", *_PERCENT)
        if (
            not is_range
            and before.keys & _BEFORE
            and all(token.kind == "word" and len(token.text) <= _SHORT for token in gap)
        ):
            qualifier, start = before.under("qualifiers.before"), before.start
            is_level = before.has("levels.to")
            # "vượt mốc 6.100 điểm" is a rise too
            sign = figure.sign or before.direction
    behind = marks[after] if after < len(marks) and marks[after].start == end else None
    if qualifier is None and behind is not None and behind.keys & _AFTER:
        qualifier, end = behind.under("qualifiers.after"), behind.end
    if qualifier is None:
        return made
    figure = replace(figure, qualifier=qualifier, is_level=is_level, sign=sign)
    return replace(made, start=start, end=end, figure=figure)
