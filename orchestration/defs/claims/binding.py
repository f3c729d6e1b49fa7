"""Which head and which direction a figure belongs to.

Belongs here: choosing among the heads and direction words of a clause. Does not belong here:
what measure that makes (`moves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.defs.claims.clause import NOUNS, Clause
from orchestration.defs.claims.heads import FAMILY, GENERIC, MARKET, WHO, Head
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.text import Token

_SHORT = 3


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure is about.

    Attributes:
        who: the head that names it; None when the clause names nobody.
        family: the family of figures that no price shows, if it is one.
        is_market: whether it is about market value.
        is_blocked: about shares of nobody named.
        place: before, after or noun (a 17% fall IN Nvidia).
    """

    who: Head | None = None
    family: str | None = None
    is_market: bool = False
    is_blocked: bool = False
    place: str = "before"


def bind(figure: Mark, found: Sequence[Head], clause: Clause, sentence: Sequence[Token]) -> Bound:
    """Return what a figure of a clause is about.

    What is tied to it from behind ("3% of revenue", "a 17% fall in Nvidia") goes first, then the
    last head before it, then the first head after it.
    """
    before = [head for head in found if head.end <= figure.start]
    after = [head for head in found if head.start >= figure.end]
    if after:
        tied = _tied(figure, after, clause, sentence)
        if tied is not None:
            if tied.who is not None or tied.place == "noun":
                return tied
            return Bound(_last_who(before) or _first_who(after), tied.family, tied.is_market)
    if before:
        return _from_head(before[-1], before[:-1], "before")
    if after:
        who = _first_who(after)
        bound = _from_head(after[0], [], "after")
        return Bound(who, bound.family, bound.is_market, bound.is_blocked, "after")
    return Bound()


def _from_head(head: Head, earlier: Sequence[Head], place: str) -> Bound:
    if head.kind == GENERIC:
        return Bound(None, is_blocked=True)
    if head.kind == FAMILY:
        return Bound(_last_who(earlier), family=head.family, place=place)
    if head.kind == MARKET:
        return Bound(_last_who(earlier), is_market=True, place=place)
    owner = head.owner
    if owner is not None:
        return Bound(head, owner.family, owner.kind == MARKET, place=place)
    return Bound(head, place=place)


def _tied(
    figure: Mark, after: Sequence[Head], clause: Clause, sentence: Sequence[Token]
) -> Bound | None:
    """Return what stands right behind a figure, with at most a move and "of" words between."""
    head = after[0]
    between = [mark for mark in clause.marks if figure.end <= mark.start < head.start]
    covered = {index for mark in between for index in range(mark.start, mark.end)}
    for index in range(figure.end, head.start):
        token = sentence[index]
        is_short = token.kind == "word" and len(token.key) <= _SHORT
        if index not in covered and not is_short:
            return None
    if any(
        not mark.direction and not mark.has("structure.of", "shares.company") for mark in between
    ):
        return None
    if head.kind == FAMILY:
        linked = after[1] if len(after) > 1 and after[1].owner is head else None
        return Bound(linked, family=head.family)
    if head.kind == MARKET:
        linked = after[1] if len(after) > 1 and after[1].owner is head else None
        return Bound(linked, is_market=True)
    has_noun = any(mark.has(*NOUNS) for mark in between)
    if has_noun and any(mark.has("structure.of") for mark in between) and head.kind in WHO:
        return Bound(head, place="noun")
    return None


def _last_who(found: Sequence[Head]) -> Head | None:
    return next((head for head in reversed(found) if head.kind in WHO), None)


def _first_who(found: Sequence[Head]) -> Head | None:
    return next((head for head in found if head.kind in WHO), None)
