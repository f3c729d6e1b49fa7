"""Figures: digits and number words with their scale, unit and sign.

Belongs here: from marks of numbers and words to marks of figures. Does not belong here: what
stands around a figure (`qualifiers`, `ranges`) and what it says of whom (`moves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.defs.claims.marks import BARE, Figure, Mark
from orchestration.defs.claims.qualifiers import qualified
from orchestration.defs.claims.ranges import ranges, shared_units
from orchestration.defs.claims.text import Token

UNITS = ("percentage_point", "basis_point", "percent", "point")
_SHORT = 2


def figures(marks: Sequence[Mark], sentence: Sequence[Token]) -> list[Mark]:
    """Return the marks with numbers, units and qualifiers drawn together into figures."""
    found: list[Mark] = []
    position = 0
    while position < len(marks):
        end, figure = _figure(marks, position, sentence)
        if figure is None:
            found.append(marks[position])
            position += 1
            continue
        start, position = figure.start, end
        while found and found[-1].start >= start:
            found.pop()
        found.append(figure)
    return ranges(shared_units(found, sentence), sentence)


def _figure(
    marks: Sequence[Mark], position: int, sentence: Sequence[Token]
) -> tuple[int, Mark | None]:
    """Read one figure whose number stands at a mark: the next position, and the figure."""
    mark = marks[position]
    if mark.number is None or mark.subject or mark.day:
        return position, None
    word = _word(marks, position, sentence)
    if word is not None:
        return position + 1, word
    if mark.direction or not mark.has("numbers.digits", "numbers.words", "numbers.one"):
        return position, None
    return _counted(marks, position, sentence)


def _word(marks: Sequence[Mark], position: int, sentence: Sequence[Token]) -> Mark | None:
    """Return a word that is a figure by itself: halved, a fifth."""
    mark = marks[position]
    value = str(mark.number)
    if mark.has("directions.up.multiples", "directions.down.multiples"):
        sign = mark.direction
        figure = Figure(value, "percent", qualifier="about", sign=sign, is_fraction=True)
        made = replace(mark, figure=figure)
        return qualified(made, marks, position, position + 1, sentence)
    if mark.has("numbers.fractions") and _is_fraction(marks, position, sentence):
        figure = Figure(value, "percent", qualifier="about", is_fraction=True)
        made = replace(mark, keys=frozenset(), figure=figure)
        return qualified(made, marks, position, position + 1, sentence)
    return None


def _counted(
    marks: Sequence[Mark], position: int, sentence: Sequence[Token]
) -> tuple[int, Mark | None]:
    mark = marks[position]
    start, first = mark.start, position
    scale, after, following = _scaled(marks, position, sentence)
    end = marks[after - 1].end
    if mark.has("numbers.one") and (scale == "1" or mark.has("numbers.digits")):
        return position, None
    unit = _unit(following) if following is not None else None
    if following is not None and unit is not None:
        end, after = following.end, after + 1
    before = marks[position - 1] if position else None
    if unit is None and before is not None and before.end == start and _currency(before):
        unit, start, first = _currency(before), before.start, position - 1
    if unit is None:
        if scale == "1" and not _is_bare_level(marks, position, sentence):
            return position, None
        unit = "" if scale != "1" else BARE
    start, sign = _signed(start, sentence)
    figure = Figure(str(mark.number), unit, scale=scale, sign=sign)
    made = Mark(start, end, frozenset(), figure=figure)
    return after, qualified(made, marks, first, after, sentence)


def _scaled(
    marks: Sequence[Mark], position: int, sentence: Sequence[Token]
) -> tuple[str, int, Mark | None]:
    """Return the scale behind a number, the next position, and the mark that may be the unit."""
    after, end = position + 1, marks[position].end
    following = _touching(marks, after, end, sentence)
    if following is None or not following.has("numbers.magnitudes"):
        return "1", after, following
    scale, end, after = str(following.number), following.end, after + 1
    following = _touching(marks, after, end, sentence)
    if following is None or (_unit(following) is None and following.has("structure.of")):
        # "milliards de dollars", "milliards d'euros"
        linked = _behind_of(marks, after, end, sentence)
        if linked is not None:
            return scale, linked, marks[linked]
    return scale, after, following


def _signed(start: int, sentence: Sequence[Token]) -> tuple[int, str | None]:
    """Return the start of a figure with its printed sign, and the direction of the sign."""
    if not start or sentence[start - 1].key not in "+-" or sentence[start].spaced:
        return start, None
    if start > 1 and not sentence[start - 1].spaced and sentence[start - 2].key not in "(:,":
        return start, None
    return start - 1, "up" if sentence[start - 1].key == "+" else "down"


def _is_fraction(marks: Sequence[Mark], position: int, sentence: Sequence[Token]) -> bool:
    """Tell "a fifth of its value" from "a fifth session": by what stands on either side."""
    mark = marks[position]
    end = mark.end
    if end >= len(sentence) or sentence[end].kind == "sign":
        return True
    following = _touching(marks, position + 1, end, sentence)
    if following is not None and (following.has("structure.of") or following.direction):
        return True
    before = marks[position - 1] if position else None
    return before is not None and before.end == mark.start and before.direction is not None


def _behind_of(
    marks: Sequence[Mark], index: int, end: int, sentence: Sequence[Token]
) -> int | None:
    """Return where a currency stands behind a magnitude and one short "of" word."""
    for at in (index, index + 1):
        if at < len(marks) and _currency(marks[at]) and 1 <= marks[at].start - end <= 2:
            gap = sentence[end : marks[at].start]
            if all(token.key == "'" or len(token.key) <= _SHORT for token in gap):
                return at
    return None


def _is_bare_level(marks: Sequence[Mark], position: int, sentence: Sequence[Token]) -> bool:
    """Tell "to 39,565.80" and "above 21" from "to 40 people": by what stands on either side."""
    mark, before = marks[position], marks[position - 1] if position else None
    if before is None or before.end != mark.start or not before.has("levels.to"):
        return False
    if not mark.has("numbers.digits"):
        return False
    following = marks[position + 1] if position + 1 < len(marks) else None
    end = mark.end
    is_last = end >= len(sentence) or sentence[end].key in ".,;:)!"
    if is_last:
        return True
    return (
        following is not None
        and following.start == end
        and following.has(
            "structure.and", "structure.subordinators", "structure.separators", "as_of.close"
        )
    )


def _touching(
    marks: Sequence[Mark], index: int, end: int, sentence: Sequence[Token]
) -> Mark | None:
    """Return the mark that follows a number at once, or behind one hyphen."""
    if index >= len(marks):
        return None
    gap = marks[index].start - end
    joined = gap == 0 or (gap == 1 and sentence[end].key == "-" and not sentence[end].spaced)
    return marks[index] if joined else None


def _unit(mark: Mark) -> str | None:
    for unit in UNITS:
        if mark.has(f"units.{unit}"):
            return unit
    return _currency(mark)


def _currency(mark: Mark) -> str | None:
    return mark.under("currencies")
