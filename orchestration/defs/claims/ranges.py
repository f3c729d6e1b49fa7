"""Figures of a list or a range: 3, 1 and 3 percent; between 3 and 5 percent; from 3% to 5%.

Belongs here: what one figure takes from the next. Does not belong here: one figure (`figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.defs.claims.marks import BARE, Figure, Mark
from orchestration.defs.claims.qualifiers import qualified
from orchestration.defs.claims.text import Token

_JOINING = (
    "structure.and",
    "structure.respectively",
    "structure.of",
    "ranges.to",
    "ranges.and",
    "levels.by",
)
_SHORT = 3


def shared_units(marks: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
    """Give bare numbers of a list the unit of its last: "3, 1 and 3 percent"."""
    found = list(marks)
    for index in range(len(found) - 1, -1, -1):
        mark = found[index]
        if mark.figure is not None and mark.figure.unit not in ("", BARE):
            continue
        if not (mark.figure or mark.has("numbers.digits", "numbers.words")) or mark.subject:
            continue
        following = _next_in_list(found, index, sentence)
        if following is None or following.figure is None:
            continue
        if following.figure.unit in ("", BARE) or following.figure.is_fraction:
            continue
        is_level = mark.figure is not None and mark.figure.unit == BARE
        if is_level and found[index + 1] is following:
            continue  # "at 5,521.52, more than 10% below its peak"
        number = mark.figure.value if mark.figure else str(mark.number)
        if len(number) == 4 and number[:2] in ("19", "20"):
            continue
        if mark.start and sentence[mark.start - 1].text[:1].isupper() and mark.figure is None:
            before = found[index - 1] if index else None
            if before is None or before.end != mark.start:
                continue
        scale = mark.figure.scale if mark.figure else following.figure.scale
        figure = Figure(number, following.figure.unit, scale=scale)
        made = Mark(mark.start, mark.end, frozenset(), figure=figure)
        found[index] = qualified(made, found, index, index + 1, sentence)
        if index and found[index].start <= found[index - 1].start:
            found[index - 1] = replace(found[index - 1], keys=frozenset())
    return [mark for mark in found if mark.figure is None or mark.figure.unit]


def _next_in_list(marks: Sequence[Mark], index: int, sentence: Sequence[Token]) -> Mark | None:
    """Return the figure behind a number and nothing but commas, joining words and hyphens."""
    position = marks[index].end
    for mark in marks[index + 1 : index + 5]:
        between = sentence[position : mark.start]
        if any(token.kind != "word" and token.key not in (",", "-", "'") for token in between):
            return None
        if any(token.kind == "word" and len(token.key) > _SHORT for token in between):
            return None
        if mark.figure is not None:
            return mark
        if not mark.has(*_JOINING):
            return None
        position = mark.end
    return None


def ranges(marks: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
    """Return the marks with two figures that make a range drawn into one."""
    found: list[Mark] = []
    index = 0
    while index < len(marks):
        low = marks[index]
        high_at = _range_end(marks, index, sentence)
        if high_at is None:
            found.append(low)
            index += 1
            continue
        high = marks[high_at]
        assert low.figure is not None and high.figure is not None  # noqa: S101, PT018
        before = found[-1] if found and found[-1].end == low.start else None
        if before is not None and before.has("ranges.from") and not before.has("ranges.between"):
            found += _shift(low, high)
        else:
            start = low.start
            if before is not None and before.has("ranges.between"):
                start = found.pop().start
            figure = replace(
                high.figure,
                value=low.figure.value,
                value_to=high.figure.value,
                qualifier="range",
                sign=low.figure.sign,
            )
            found.append(Mark(start, high.end, frozenset(), figure=figure))
        index = high_at + 1
    return found


def _shift(low: Mark, high: Mark) -> list[Mark]:
    """Return "from 3% to 5%": of a price only a range makes sense, of a rate two levels."""
    assert low.figure is not None and high.figure is not None  # noqa: S101, PT018
    if low.figure.unit != "percent":
        return [replace(low, figure=replace(low.figure, is_shift=True)), high]
    if float(low.figure.value) > float(high.figure.value):
        return [
            replace(mark, figure=replace(mark.figure, is_shift=True))
            for mark in (low, high)
            if mark.figure
        ]
    figure = replace(low.figure, value_to=high.figure.value, qualifier="range", is_shift=True)
    return [Mark(low.start, high.end, frozenset(), figure=figure)]


def _range_end(marks: Sequence[Mark], index: int, sentence: Sequence[Token]) -> int | None:
    """Return where the upper end of a range stands that begins at a mark."""
    low = marks[index].figure
    if low is None or low.is_fraction:
        return None
    before = marks[index - 1] if index else None
    is_between = before is not None and before.has("ranges.between")
    for at in (index + 1, index + 2):
        high = marks[at].figure if at < len(marks) else None
        if high is None or high.unit != low.unit or high.scale != low.scale:
            continue
        gap = sentence[marks[index].end : marks[at].start]
        joins = marks[at - 1] if at == index + 2 else None
        is_joined = (
            len(gap) == 1 and gap[0].key == "-"
            if joins is None
            else len(gap) == joins.end - joins.start
            and (joins.has("ranges.to") or (is_between and joins.has("ranges.and")))
        )
        # "lost 91 points to 5,954 points" is a move and a level
        is_near = is_between or low.unit == "percent" or float(high.value) < 3 * float(low.value)
        if is_joined and is_near and float(low.value) < float(high.value):
            return at
        is_from = before is not None and before.has("ranges.from")
        if is_joined and is_from and float(low.value) > float(high.value):
            return at
    return None
