"""What a figure measures: a move, a level, market value, or what no price shows.

Belongs here: the measure of one figure, and whether its name can have it. Does not belong here:
for whom it is claimed (`moves`) and which head it belongs to (`binding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestration.defs.claims.binding import Bound, bind
from orchestration.defs.claims.clause import NOUNS, VERBS, Clause
from orchestration.defs.claims.marks import BARE, Figure, Mark
from orchestration.defs.claims.nearest import preposition
from orchestration.defs.claims.scene import Scene
from orchestration.defs.claims.subjects import Subject


def bound_to(mark: Mark, scene: Scene) -> Bound:
    """Return what a figure is about, with what its clause takes over from the one before."""
    clause, inherited = scene.clause, scene.inherited
    bound = bind(mark, scene.heads, clause, scene.sentence)
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


def measure_of(
    mark: Mark, bound: Bound, direction: str | None, word: Mark | None, scene: Scene
) -> str | None:
    """Return the measure of a figure, or None when it is no claim that one can name.

    Args:
        mark: the figure.
        bound: what it is about.
        direction: its direction, taken over or its own.
        word: its own direction word.
        scene: its clause.
    """
    figure = mark.figure
    if figure is None or bound.is_blocked:
        return None
    if figure.is_shift and (bound.family or figure.value_to is None):
        return None
    is_level = _is_level(mark, word, scene)
    if bound.family is not None:
        return _family(bound.family, figure, direction, is_level)
    if bound.is_market:
        return _market(mark, direction, is_level, scene.clause)
    if figure.unit == "percent":
        is_move = not is_level or figure.sign is not None or _is_state(mark, word)
        is_compared = _is_compared(mark, scene.clause)
        return "price_change" if direction and is_move and not is_compared else None
    return _price(mark, word, is_level, scene.clause)


def _is_compared(mark: Mark, clause: Clause) -> bool:
    """Whether a percentage is a distance: "10% below its peak"."""
    return any(
        other.start == mark.end and other.has("levels.to") and other.under("qualifiers.before")
        for other in clause.marks
    )


def _is_level(mark: Mark, word: Mark | None, scene: Scene) -> bool:
    """Whether words before a figure make it a level: to $118, below $3 trillion."""
    figure = mark.figure
    before = preposition(mark, scene.clause, scene.sentence)
    if before is not None and before.has("levels.to") and not before.has("levels.by"):
        return True
    if figure is None or not figure.is_level:
        return False
    # "lost over $400bn" is a move, "fell below $3 trillion" a level
    takes_amounts = (
        word is not None
        and word.under("directions.down") != "verbs"
        and word.has("directions.down.weak", "directions.up.weak")
    )
    return not (takes_amounts and figure.qualifier == "more_than")


def _market(mark: Mark, direction: str | None, is_level: bool, clause: Clause) -> str | None:
    is_money = mark.figure is not None and mark.figure.is_money
    if is_money and (direction is None or is_level or is_stated(mark, clause)):
        return "market_value_level"
    return "market_value_change" if direction is not None else None


def _price(mark: Mark, word: Mark | None, is_level: bool, clause: Clause) -> str | None:
    """Return the measure of points and of money, which a large sum of it cannot be."""
    figure = mark.figure
    if figure is None or figure.unit in ("percentage_point", "basis_point"):
        return None
    if (figure.unit == BARE and not is_level) or (figure.is_money and figure.scale != "1"):
        return None
    is_listed = any(m.figure is not None and m.figure.sign for m in clause.figures)
    if is_level or (word is None and (clause.having("levels.verbs") or is_listed)):
        return "price_level"
    return "price_change" if word is not None else None


def fits(measure: str, figure: Figure, subjects: Sequence[Subject]) -> bool:
    """Whether names of this kind can have this measure in this unit."""
    kinds = {subject.kind for subject in subjects}
    if figure.unit in ("point", BARE):
        return kinds == {"index"} and measure in ("price_change", "price_level")
    return "other" not in kinds or measure not in ("price_change", "price_level")


def is_stated(mark: Mark, clause: Clause) -> bool:
    """Whether the market value itself stands right before its figure: "a market value of $3trn"."""
    before = [m for m in clause.marks if m.has("market_value.words") and m.end <= mark.start]
    if not before or mark.start - before[-1].end > 2:
        return False
    # "mất đi lượng vốn hóa 589 tỷ USD": lost it, and does not have it
    is_lost = any(m.direction and 0 <= before[-1].start - m.end <= 1 for m in clause.marks)
    is_moved = any(before[-1].end <= m.start < mark.start and m.direction for m in clause.marks)
    return not is_lost and not is_moved


def is_behind(word: Mark | None, mark: Mark) -> bool:
    """Whether a word stands at once behind a figure."""
    return word is not None and 0 <= word.start - mark.end <= 1


def governs(word: Mark | None, mark: Mark) -> bool:
    """Whether a direction word belongs to a level: before it, or at once behind it."""
    return word is not None and (word.end <= mark.start or is_behind(word, mark))


def _is_state(mark: Mark, word: Mark | None) -> bool:
    """Tell "op 3 procent verlies" and "pared its loss to 3%" from "fell to 3%"."""
    if word is None:
        return False
    if word.has(*VERBS) and word.has("levels.to"):
        # "vọt lên 5%" is a move, "vọt lên 65 điểm" a level: one phrase for both
        return True
    is_noun = word.has(*NOUNS)
    return word.start == mark.end or (is_noun and word.end <= mark.start)


def _family(family: str, figure: Figure, direction: str | None, is_level: bool) -> str | None:
    if family in ("spending", "wealth_change") and figure.is_money:
        return family
    if figure.is_money or figure.unit == "point":
        return None
    if family in ("spending", "growth"):
        return "growth" if direction and not is_level else None
    return "other_percentage" if family == "wealth_change" else family


def rule_of(figure: Figure, measure: str, bound: Bound, doubts: set[str]) -> str:
    """Return the name of the rule that found a claim."""
    rules = (
        ("other_family", bound.family is not None),
        ("market_value", measure.startswith("market_value")),
        ("subject_verb_level", measure == "price_level"),
        ("signed", figure.sign is not None),
        ("noun_of_subject", bound.place == "noun"),
        ("list_item", "inherited_direction" in doubts),
        ("value_before_subject", bound.place == "after"),
    )
    return next((rule for rule, fits_it in rules if fits_it), "subject_verb_value")
