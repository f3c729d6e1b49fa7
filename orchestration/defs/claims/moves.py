"""Claims with a figure: moves, levels, market value, and figures that no price shows.

Belongs here: who and which direction each figure of a clause has. Does not belong here: what it
measures (`measures`), extremes, ranks and recoveries, and moves without a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orchestration.defs.claims.binding import Bound
from orchestration.defs.claims.clause import STRONG
from orchestration.defs.claims.marks import BARE, Mark
from orchestration.defs.claims.measures import (
    bound_to,
    fits,
    governs,
    is_behind,
    is_stated,
    measure_of,
    rule_of,
)
from orchestration.defs.claims.nearest import nearest_direction, nearest_venue
from orchestration.defs.claims.scene import Draft, Inherited, Scene
from orchestration.defs.claims.subjects import Subject

_TIGHT = 5
_SHORT = 3


def moves(scene: Scene) -> Iterator[Draft]:
    """Yield the drafts of a clause's figures; of a silenced clause only spending plans count."""
    figures = scene.clause.figures
    inherited = scene.inherited
    for position, mark in enumerate(figures):
        if mark.figure is None:
            continue
        bound = bound_to(mark, scene)
        subjects, doubts = scene.context.resolve(bound.who, scene.heads)
        if not subjects and bound.who is None and not bound.is_blocked:
            subjects = list(inherited.subjects)
            doubts = {"inherited_subject"} if subjects else set()
        word = nearest_direction(mark, scene.clause)
        direction = mark.figure.sign or (word.direction if word else None)
        if direction is None and inherited.direction and _is_tight(bound, scene):
            direction, doubts = inherited.direction, doubts | {"inherited_direction"}
        measure = measure_of(mark, bound, direction, word, scene)
        # "revenue of 96.5 billion, 12% more": the amount is no claim, its family holds on
        inherited.family = bound.family or inherited.family
        if measure is None or not subjects or not fits(measure, mark.figure, subjects):
            continue
        if scene.is_silenced and measure != "spending":
            continue
        measure = _left(measure, mark.figure.unit, bound, inherited)
        if measure == "spending":
            direction = "up"
        elif measure.endswith("_level") and not _has_direction(mark, word, bound, scene):
            direction, word = mark.figure.sign, None
            doubts = doubts - {"inherited_direction"}
        start, end = _span(mark, word, figures, direction)
        rule = rule_of(mark.figure, measure, bound, doubts)
        figure = replace(mark.figure, unit="point") if mark.figure.unit == BARE else mark.figure
        draft = Draft(subjects[0], measure, direction, figure, start, end, rule, doubts)
        draft.place = mark.start
        draft.venue = nearest_venue(mark, scene.clause) or inherited.venue
        yield from _shared(draft, subjects, figures, position)


def _left(measure: str, unit: str, bound: Bound, inherited: Inherited) -> str:
    """Leave what the next figure may take over, and return the measure in its light."""
    if measure.startswith("market_value"):
        # "589 miljard dollar, omgerekend 561,7 miljard euro": the same in another currency
        if inherited.amount and inherited.amount[1] != unit:
            measure = inherited.amount[0]
        inherited.amount = (measure, unit)
    inherited.family = bound.family
    inherited.is_market = bound.is_market or measure.startswith("market_value")
    return measure


def _has_direction(mark: Mark, word: Mark | None, bound: Bound, scene: Scene) -> bool:
    """Whether a level has a direction of travel: "fell to $118", not "stands at $118"."""
    if not governs(word, mark):
        return False
    return not (bound.is_market and is_stated(mark, scene.clause) and not is_behind(word, mark))


def _shared(
    draft: Draft, subjects: Sequence[Subject], figures: Sequence[Mark], position: int
) -> Iterator[Draft]:
    """Yield the draft for each name of a list, or for the name in the figure's own place."""
    if len(subjects) == 1:
        yield draft
        return
    alike = [m for m in figures if m.figure is not None and m.figure.unit == draft.figure.unit]
    if len(alike) == len(subjects) and draft.measure in ("price_change", "price_level", "growth"):
        at = alike.index(figures[position])
        yield replace(draft, subject=subjects[at], rule="respectively")
        return
    is_sum = draft.figure.is_money and draft.measure not in ("price_change", "price_level")
    if is_sum or (draft.measure == "growth" and "inherited_subject" in draft.doubts):
        names = [subject.name for subject in subjects]
        joint = Subject(" and ".join([", ".join(names[:-1]), names[-1]]), None, "other")
        yield replace(draft, subject=joint, doubts=draft.doubts | {"joint_subject"})
        return
    for subject in subjects:
        rule = "shared_value" if draft.measure == "price_change" else draft.rule
        yield replace(draft, subject=subject, rule=rule)


def _is_tight(bound: Bound, scene: Scene) -> bool:
    """Whether little but names and figures stands in a clause: "Amazon 1%", "but 17%"."""
    clause, sentence, inherited = scene.clause, scene.sentence, scene.inherited
    is_named = bound.who is not None or bound.is_market or bound.family is not None
    is_other_place = any(mark.under("venues") for mark in clause.marks)
    if not is_named and not is_other_place and not (clause.link == STRONG and inherited.subjects):
        return False
    covered = {index for mark in clause.marks for index in range(mark.start, mark.end)}
    loose = sum(
        1
        for index in range(clause.start, clause.end)
        if index not in covered
        and sentence[index].kind == "word"
        and len(sentence[index].key) > _SHORT
    )
    return loose <= _TIGHT


def _span(
    mark: Mark, word: Mark | None, figures: Sequence[Mark], direction: str | None
) -> tuple[int, int]:
    """Return the shortest stretch with the figure and its direction word."""
    if word is None or word.direction != direction:
        return mark.start, mark.end
    start, end = min(mark.start, word.start), max(mark.end, word.end)
    others = [other for other in figures if other is not mark and start <= other.start < end]
    return (mark.start, mark.end) if others else (start, end)
