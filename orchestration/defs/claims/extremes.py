"""The largest since: "its largest fall since March 2020".

Belongs here: extremes with the month they reach back to. Does not belong here: ranks (`ranks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.defs.claims.clause import EXTREMES, NOUNS, Clause
from orchestration.defs.claims.heads import FAMILY, MARKET, WHO
from orchestration.defs.claims.marks import Figure, Mark
from orchestration.defs.claims.scene import Draft, Scene
from orchestration.defs.claims.subjects import Subject


def extremes(scene: Scene) -> Iterator[Draft]:
    """Yield "its largest fall since March 2020".

    A negation behind "since" says the same: "not seen since March 2020".
    """
    clause, found, published = scene.clause, scene.heads, scene.published
    words, since = clause.having(*EXTREMES), clause.having("extremes.since")
    if scene.is_silenced and not _is_unseen(clause, since):
        return
    if not words or not since or any(head.kind in (FAMILY, MARKET) for head in found):
        return
    for mark in clause.marks:
        day = mark.day
        if (
            day is None
            or day.month is None
            or not any(0 <= mark.start - word.end <= 2 for word in since)
        ):
            continue
        word = words[0]
        direction = _extreme_direction(word, clause)
        subjects, doubts = _who(word, scene)
        if direction is None or not subjects:
            continue
        this_year = day.month <= published.month
        year = day.year or (published.year if this_year else published.year - 1)
        figure = Figure(f"{year}-{day.month:02d}", "month")
        measure = "largest_fall_since" if direction == "down" else "largest_rise_since"
        start, end = min(word.start, mark.start), max(word.end, mark.end)
        for subject in subjects:
            draft = Draft(subject, measure, direction, figure, start, end, "extreme_since", doubts)
            draft.place = word.start
            yield draft
        return


def _is_unseen(clause: Clause, since: Sequence[Mark]) -> bool:
    """Whether all that silences a clause is a "not" behind "since"."""
    cues = [mark for mark in clause.marks if any(key.startswith("cues.") for key in mark.keys)]
    is_behind = bool(since) and all(mark.start > since[0].start for mark in cues)
    return bool(cues) and is_behind and clause.cues == {"negation"}


def _extreme_direction(word: Mark, clause: Clause) -> str | None:
    if word.has("extremes.up", "extremes.down"):
        return "up" if word.has("extremes.up") else "down"
    nearest = min(
        clause.directions,
        key=lambda mark: (not mark.has(*NOUNS), abs(mark.start - word.end), mark.start),
        default=None,
    )
    return nearest.direction if nearest else None


def _who(word: Mark, scene: Scene) -> tuple[list[Subject], set[str]]:
    found = scene.heads
    who = [head for head in found if head.kind in WHO]
    before = [head for head in who if head.end <= word.start]
    if who:
        subjects, doubts = scene.context.resolve(before[-1] if before else who[0], found)
        if subjects:
            return subjects, doubts
    return scene.inherited.subjects, {"inherited_subject"}
