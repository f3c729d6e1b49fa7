"""Claims with a figure: moves, levels, market value, and figures that no price shows.

Belongs here: what measure a bound figure makes, and for whom. Does not belong here: extremes,
ranks and recoveries (`milestones`), and moves without a figure (`directions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from orchestration.defs.claims.binding import (
    Bound,
    bind,
    nearest_direction,
    nearest_venue,
    preposition,
)
from orchestration.defs.claims.clause import STRONG, Clause
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.marks import BARE
from orchestration.defs.claims.heads import Head
from orchestration.defs.claims.marks import Figure, Mark
from orchestration.defs.claims.subjects import Subject
from orchestration.defs.claims.text import Token

_TIGHT = 5
_SHORT = 3


@dataclass(slots=True)
class Draft:
    """A claim before its time and its characters are known; [start, end) are tokens."""

    subject: Subject
    measure: str
    direction: str | None
    figure: Figure | None
    start: int
    end: int
    rule: str
    doubts: set[str] = field(default_factory=set)
    venue: str | None = None
    place: int = 0


@dataclass(slots=True)
class Inherited:
    """What a clause may take over from the one before it in its sentence."""

    subjects: list[Subject] = field(default_factory=list)
    direction: str | None = None
    family: str | None = None
    is_market: bool = False
    venue: str | None = None
    amount: tuple[str, str] | None = None


def moves(
    clause: Clause,
    found: Sequence[Head],
    sentence: Sequence[Token],
    context: Context,
    inherited: Inherited,
    is_silenced: bool,
) -> Iterator[Draft]:
    """Yield the drafts of a clause's figures; `inherited` is left as the next clause needs it.

    Args:
        clause: the clause.
        found: its heads.
        sentence: the tokens.
        context: who was named last.
        inherited: what the clause before leaves.
        is_silenced: a forecast or a negation stands over it; only spending plans count.
    """
    figures = clause.figures
    for position, mark in enumerate(figures):
        assert mark.figure is not None  # noqa: S101
        bound = _bound(mark, found, clause, sentence, inherited)
        subjects, doubts = context.resolve(bound.who, found)
        if not subjects and bound.who is None and not bound.is_blocked:
            subjects = list(inherited.subjects)
            doubts = {"inherited_subject"} if subjects else set()
        word = nearest_direction(mark, clause)
        direction = mark.figure.sign or (word.direction if word else None)
        if direction is None and _is_tight(clause, bound, sentence, inherited):
            direction = inherited.direction
            doubts = doubts | {"inherited_direction"}
        measure = _measure(mark, bound, direction, word, clause, sentence)
        if measure is None or not subjects or not _fits(measure, mark.figure, subjects):
            continue
        if is_silenced and measure != "spending":
            continue
        if measure.startswith("market_value"):
            # "589 miljard dollar, omgerekend 561,7 miljard euro": the same in another currency
            if inherited.amount and inherited.amount[1] != mark.figure.unit:
                measure = inherited.amount[0]
            inherited.amount = (measure, mark.figure.unit)
        inherited.family = bound.family
        inherited.is_market = bound.is_market or measure.startswith("market_value")
        if measure == "spending":
            direction = "up"
        elif measure.endswith("_level") and (
            not _governs(word, mark)
            or (bound.is_market and _is_stated(mark, clause) and not _is_behind(word, mark))
        ):
            direction, word = None, None
        start, end = _span(mark, word, figures, direction)
        rule = _rule(mark.figure, measure, bound, doubts)
        figure = replace(mark.figure, unit="point") if mark.figure.unit == BARE else mark.figure
        draft = Draft(subjects[0], measure, direction, figure, start, end, rule, doubts)
        draft.place = mark.start
        draft.venue = nearest_venue(mark, clause) or inherited.venue
        yield from _shared(draft, subjects, figures, position)


def _fits(measure: str, figure: Figure, subjects: Sequence[Subject]) -> bool:
    """Whether names of this kind can have this measure in this unit."""
    kinds = {subject.kind for subject in subjects}
    if figure.unit in ("point", BARE):
        return kinds == {"index"} and measure in ("price_change", "price_level")
    return "other" not in kinds or measure not in ("price_change", "price_level")


def _bound(
    mark: Mark,
    found: Sequence[Head],
    clause: Clause,
    sentence: Sequence[Token],
    inherited: Inherited,
) -> Bound:
    bound = bind(mark, found, clause, sentence)
    figure = mark.figure
    assert figure is not None  # noqa: S101
    if figure.is_money and clause.having("market_value.words"):
        bound = replace(bound, is_market=True)
    elif not figure.is_money and bound.is_market and bound.place == "before":
        # "lost 17% of its market value" is the share's own move
        is_behind = all(m.start > mark.start for m in clause.having("market_value.words"))
        bound = replace(bound, is_market=not is_behind)
    if bound.family is None and not bound.is_market:
        has_own_verb = bool(clause.directions)
        if inherited.family == "spending" and figure.unit == "percent" and bound.who is None:
            return replace(bound, family="growth")
        if inherited.family is not None and (not has_own_verb or bound.who is None):
            return replace(bound, family=inherited.family)
        is_amount = figure.is_money and figure.scale != "1"
        if inherited.is_market and is_amount and (not has_own_verb or bound.who is None):
            return replace(bound, is_market=True)
    return bound


def _measure(
    mark: Mark,
    bound: Bound,
    direction: str | None,
    word: Mark | None,
    clause: Clause,
    sentence: Sequence[Token],
) -> str | None:
    """Return the measure of a figure, or None when it is no claim that one can name."""
    figure = mark.figure
    assert figure is not None  # noqa: S101
    before = preposition(mark, clause, sentence)
    is_level = before is not None and before.has("levels.to") and not before.has("levels.by")
    # "lost over $400bn" is a move, "fell below $3 trillion" a level
    is_more = figure.qualifier == "more_than"
    takes_amounts = (
        is_more
        and word is not None
        and word.under("directions.down") != "verbs"
        and word.has("directions.down.weak", "directions.up.weak")
    )
    is_level = is_level or (figure.is_level and not takes_amounts)
    if bound.is_blocked or (figure.is_shift and (bound.family or figure.value_to is None)):
        return None
    if bound.family is not None:
        return _family(bound.family, figure, direction, is_level)
    if figure.unit in ("percentage_point", "basis_point"):
        return None
    if bound.is_market:
        if figure.is_money and (direction is None or is_level or _is_stated(mark, clause)):
            return "market_value_level"
        if direction is None:
            return None
        return "market_value_change"
    if figure.unit == "percent":
        if is_level and not _is_state(mark, word):
            return None
        return "price_change" if direction else None
    if figure.unit == BARE and not is_level:
        return None
    if figure.is_money and figure.scale != "1":
        return None
    is_listed = any(m.figure is not None and m.figure.sign for m in clause.figures)
    if is_level or (word is None and (clause.having("levels.verbs") or is_listed)):
        return "price_level"
    return "price_change" if word is not None else None


def _is_stated(mark: Mark, clause: Clause) -> bool:
    """Whether the market value itself stands right before its figure: "a market value of $3trn"."""
    before = [m for m in clause.marks if m.has("market_value.words") and m.end <= mark.start]
    if not before or mark.start - before[-1].end > 2:
        return False
    return not any(before[-1].end <= m.start < mark.start and m.direction for m in clause.marks)


def _is_behind(word: Mark | None, mark: Mark) -> bool:
    return word is not None and 0 <= word.start - mark.end <= 1


def _governs(word: Mark | None, mark: Mark) -> bool:
    """Whether a direction word belongs to a level: before it, or at once behind it."""
    return word is not None and (word.end <= mark.start or _is_behind(word, mark))


def _is_state(mark: Mark, word: Mark | None) -> bool:
    """Tell "op 3 procent verlies" and "pared its loss to 3%" from "fell to 3%"."""
    if word is None:
        return False
    is_noun = word.has("directions.up.nouns", "directions.down.nouns")
    return word.start == mark.end or (is_noun and word.end <= mark.start)


def _family(family: str, figure: Figure, direction: str | None, is_level: bool) -> str | None:
    if family in ("spending", "wealth_change") and figure.is_money:
        return family
    if figure.is_money or figure.unit == "point":
        return None
    if family in ("spending", "growth"):
        return "growth" if direction and not is_level else None
    return "other_percentage" if family == "wealth_change" else family


def _rule(figure: Figure, measure: str, bound: Bound, doubts: set[str]) -> str:
    if bound.family is not None:
        return "other_family"
    if measure.startswith("market_value"):
        return "market_value"
    if measure == "price_level":
        return "subject_verb_level"
    if figure.sign is not None:
        return "signed"
    if bound.place == "noun":
        return "noun_of_subject"
    if "inherited_direction" in doubts:
        return "list_item"
    return "value_before_subject" if bound.place == "after" else "subject_verb_value"


def _shared(
    draft: Draft, subjects: Sequence[Subject], figures: Sequence[Mark], position: int
) -> Iterator[Draft]:
    """Yield the draft for each name of a list, or for the name in the figure's own place."""
    assert draft.figure is not None  # noqa: S101
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


def _is_tight(
    clause: Clause, bound: Bound, sentence: Sequence[Token], inherited: Inherited
) -> bool:
    """Whether little but names and figures stands in a clause: "Amazon 1%", "but 17%"."""
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
