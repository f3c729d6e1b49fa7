"""Figures: digits and number words with their unit, scale, sign, qualifier and range.

Belongs here: from marks of numbers and words to marks of figures. Does not belong here: what a
figure says of whom (`moves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.defs.claims.language import Language
from orchestration.defs.claims.marks import Figure, Mark
from orchestration.defs.claims.schema import QUALIFIERS
from orchestration.defs.claims.text import Token

UNITS = ("percentage_point", "basis_point", "percent", "point")
_BEFORE = frozenset(f"qualifiers.before.{name}" for name in QUALIFIERS)
_AFTER = frozenset(f"qualifiers.after.{name}" for name in QUALIFIERS)
_MAXIMUM_DIGITS = 18
_SHORT = 2
_PERCENT = ("units.percent", "units.point")
# The unit of a figure without one; it can only be the level of an index.
BARE = "bare"


def plain_number(printed: str, language: Language) -> str | None:
    """Return digits as printed in a language's form as plain decimal text.

    A mark that cannot be a group (not three digits behind it) is read as the decimal mark, since
    tables are often copied from another language's form. None when neither fits.
    """
    marks = [sign for sign in printed if not sign.isdigit()]
    if sum(map(str.isdigit, printed)) > _MAXIMUM_DIGITS:
        return None
    if not marks:
        return printed
    whole, last, tail = printed.rpartition(marks[-1])
    if last == "\u2019":
        last = "'"
    is_group = len(tail) == 3 and (last in language.group or last != language.decimal)
    if is_group and last == language.decimal:
        is_group = False
    groups = printed if is_group else whole
    parts = [part for part in _split(groups)]
    if len(set(marks[: len(marks) - (0 if is_group else 1)])) > 1:
        return None
    if any(len(part) != 3 for part in parts[1:]) or len(parts) > 1 and len(parts[0]) > 3:
        return None
    return "".join(parts) if is_group else f"{''.join(parts)}.{tail}"


def _split(printed: str) -> list[str]:
    return "".join(sign if sign.isdigit() else " " for sign in printed).split()


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
    return _ranges(_shared_units(found, sentence), sentence)


def _figure(
    marks: Sequence[Mark], position: int, sentence: Sequence[Token]
) -> tuple[int, Mark | None]:
    """Read one figure whose number stands at a mark: the next position, and the figure."""
    mark = marks[position]
    if mark.number is None or mark.subject or mark.day:
        return position, None
    if mark.has("directions.up.multiples", "directions.down.multiples"):
        figure = Figure(
            mark.number, "percent", qualifier="about", sign=mark.direction, is_fraction=True
        )
        return position + 1, replace(mark, figure=figure)
    if mark.direction:
        return position, None
    if mark.has("numbers.fractions"):
        if not _is_fraction(marks, position, sentence):
            return position, None
        return position + 1, _qualified(
            replace(
                mark,
                keys=frozenset(),
                figure=Figure(mark.number, "percent", qualifier="about", is_fraction=True),
            ),
            marks,
            position,
            position + 1,
            sentence,
        )
    if not mark.has("numbers.digits", "numbers.words", "numbers.one"):
        return position, None
    start, end, after = mark.start, mark.end, position + 1
    scale, unit = "1", None
    following = _touching(marks, after, end, sentence)
    if following is not None and following.has("numbers.magnitudes"):
        scale, end, after = str(following.number), following.end, after + 1
        following = _touching(marks, after, end, sentence)
        if following is None or (_unit(following) is None and following.has("structure.of")):
            # "milliards de dollars", "milliards d'euros"
            linked = _behind_of(marks, after, end, sentence)
            if linked is not None:
                after, following = linked, marks[linked]
    if mark.has("numbers.one") and (scale == "1" or mark.has("numbers.digits")):
        return position, None
    if following is not None and (unit := _unit(following)) is not None:
        end, after = following.end, after + 1
    before = marks[position - 1] if position else None
    first = position
    if unit is None and before is not None and before.end == start and _currency(before):
        unit, start, first = _currency(before), before.start, position - 1
    if unit is None:
        if scale == "1" and not _is_bare_level(marks, position, sentence):
            return position, None
        unit = "" if scale != "1" else BARE
    sign = None
    if start and sentence[start - 1].key in "+-" and not sentence[start].spaced:
        if start == 1 or sentence[start - 1].spaced or sentence[start - 2].key in "(:,":
            sign = "up" if sentence[start - 1].key == "+" else "down"
            start -= 1
    made = Mark(
        start, end, frozenset(), figure=Figure(str(mark.number), unit, scale=scale, sign=sign)
    )
    return after, _qualified(made, marks, first, after, sentence)


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


def _qualified(
    made: Mark, marks: Sequence[Mark], first: int, after: int, sentence: Sequence[Token]
) -> Mark:
    """Add the qualifier that touches a figure on either side."""
    figure, start, end = made.figure, made.start, made.end
    assert figure is not None  # noqa: S101
    qualifier, is_level = None, False
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
            and all(token.kind == "word" and len(token.text) <= 3 for token in gap)
        ):
            qualifier, start = before.under("qualifiers.before"), before.start
            is_level = before.has("levels.to")
    if qualifier is None and after < len(marks) and marks[after].start == end:
        if marks[after].keys & _AFTER:
            qualifier, end = marks[after].under("qualifiers.after"), marks[after].end
    if qualifier is None:
        return made
    figure = replace(figure, qualifier=qualifier, is_level=is_level)
    return replace(made, start=start, end=end, figure=figure)


def _shared_units(marks: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
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
        found[index] = _qualified(made, found, index, index + 1, sentence)
        if index and found[index].start <= found[index - 1].start:
            found[index - 1] = replace(found[index - 1], keys=frozenset())
    return [mark for mark in found if mark.figure is None or mark.figure.unit]


def _next_in_list(marks: Sequence[Mark], index: int, sentence: Sequence[Token]) -> Mark | None:
    """Return the figure behind a number and nothing but commas, joining words and hyphens."""
    position = marks[index].end
    for mark in marks[index + 1 : index + 5]:
        if any(token.key not in (",", "-") for token in sentence[position : mark.start]):
            return None
        if mark.figure is not None:
            return mark
        if not (mark.has("structure.and", "structure.respectively", "ranges.to", "ranges.and")):
            return None
        position = mark.end
    return None


def _ranges(marks: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
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
        if is_joined and float(low.value) < float(high.value):
            return at
        is_from = before is not None and before.has("ranges.from")
        if is_joined and is_from and float(low.value) > float(high.value):
            return at
    return None
