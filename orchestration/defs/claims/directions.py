"""A move without a figure: "Apple rose", "Amazon closed higher".

Belongs here: that one rule. Does not belong here: moves with a figure (`moves`).
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.defs.claims.clause import ADVERBS, AND, NOUNS, STRONG, VERBS
from orchestration.defs.claims.heads import FAMILY, GENERIC, MARKET
from orchestration.defs.claims.marks import Figure
from orchestration.defs.claims.scene import Draft, Scene
from orchestration.defs.claims.subjects import Subject

_EXACT_TIMES = ("as_of.close", "as_of.open", "as_of.premarket", "as_of.after_hours")
_NO_FIGURE = Figure("", "percent", qualifier="direction_only")


def directions(scene: Scene) -> Iterator[Draft]:
    """Yield "Apple rose": a verb of price, or a state such as "closed higher", of a listing."""
    clause, found = scene.clause, scene.heads
    if clause.figures:
        return
    for word in clause.directions:
        if word.start in clause.asides:
            continue
        is_state = bool(clause.having("levels.verbs")) and (
            word.has(*ADVERBS) or (word.has(*NOUNS) and bool(clause.having(*_EXACT_TIMES)))
        )
        if not (word.has(*VERBS) or is_state):
            continue
        before = [head for head in found if head.end <= word.start]
        after = [head for head in found if head.start >= word.end]
        head = before[-1] if before else (after[0] if after else None)
        if head is None and clause.link in (AND, STRONG) and is_state:
            subjects, doubts = list(scene.inherited.subjects), {"inherited_subject"}
        elif head is None or head.kind in (FAMILY, GENERIC, MARKET) or head.owner is not None:
            return
        else:
            subjects, doubts = scene.context.resolve(head, found)
        listed: list[Subject] = [subject for subject in subjects if subject.is_listed]
        for subject in listed:
            yield Draft(
                subject,
                "price_change",
                word.direction,
                _NO_FIGURE,
                word.start,
                word.end,
                "direction_only",
                set(doubts),
            )
        return
