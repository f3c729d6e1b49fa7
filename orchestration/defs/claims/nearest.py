"""The word that stands nearest to a figure: its direction, its city, its preposition.

Belongs here: distances within a clause. Does not belong here: what a figure is about (`binding`).
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.defs.claims.clause import Clause
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.text import Token


def nearest_direction(place: Mark, clause: Clause) -> Mark | None:
    """Return the direction word of a figure: the nearest, rather without a figure between."""
    usable = [
        word
        for word in clause.directions
        if word.start not in clause.asides or place.start in clause.asides
    ]
    if len(usable) < 2:
        return usable[0] if usable else None
    figures = [mark for mark in clause.figures if mark is not place]

    def distance(word: Mark) -> tuple[int, int]:
        is_before = word.end <= place.start
        low, high = (word.end, place.start) if is_before else (place.end, word.start)
        crossed = sum(1 for figure in figures if low <= figure.start < high)
        return (max(high - low, 0) + 4 * crossed, 0 if is_before else 1)

    return min(usable, key=distance)


def nearest_venue(place: Mark, clause: Clause) -> str | None:
    """Return the city that stands nearest to a figure, rather behind it."""
    cities = [mark for mark in clause.marks if mark.under("venues")]
    nearest = min(
        cities,
        key=lambda city: (
            city.start - place.end if city.start >= place.end else place.start - city.end + 1
        ),
        default=None,
    )
    return nearest.under("venues") if nearest else None


def preposition(figure: Mark, clause: Clause, sentence: Sequence[Token]) -> Mark | None:
    """Return the word of levels.to or levels.by right before a figure."""
    found = None
    for mark in clause.marks:
        gap = figure.start - mark.end
        if 0 <= gap <= 2 and mark.has("levels.to", "levels.by"):
            words = sentence[mark.end : figure.start]
            is_marked = any(
                mark.end <= other.start < figure.start
                and (other.direction or other.subject or other.has("levels.verbs"))
                for other in clause.marks
            )
            if not is_marked and all(token.kind == "word" for token in words):
                found = mark
    return found
