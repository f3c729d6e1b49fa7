"""One sentence: its clauses in turn, each with what the ones before it leave.

Belongs here: the order of the rules and what goes from clause to clause. Does not belong here:
the rules, and what goes from sentence to sentence (`extract`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from orchestration.defs.claims.clause import (
    ADVERBS,
    AND,
    COMMA,
    NOUNS,
    RELATIVE,
    SUBORDINATE,
    VERBS,
    Clause,
)
from orchestration.defs.claims.clauses import clauses
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.directions import directions
from orchestration.defs.claims.extremes import extremes
from orchestration.defs.claims.heads import NAME, WHO, Head, heads
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.moves import moves
from orchestration.defs.claims.own_time import Time
from orchestration.defs.claims.ranks import ranks
from orchestration.defs.claims.recoveries import recoveries
from orchestration.defs.claims.scene import Draft, Inherited, Scene
from orchestration.defs.claims.silence import silenced
from orchestration.defs.claims.subjects import Subject
from orchestration.defs.claims.text import Token
from orchestration.defs.claims.times import time_at, times

_TELLING = (*VERBS, *ADVERBS, *NOUNS, "extremes.since", "ranks.days", "recovery.recovered")


@dataclass(slots=True)
class Carried:
    """What a line that ends with a colon, and the items before, leave to a list item."""

    direction: str | None = None
    time: Time = field(default_factory=Time)
    is_open: bool = False


def drafts(
    sentence: Sequence[Token],
    marks: Sequence[Mark],
    published: date,
    context: Context,
    carried: Carried,
) -> Iterator[tuple[Draft, Time]]:
    """Yield the drafts of a sentence with their times; note its names and what it leaves."""
    is_telling = any(mark.figure or mark.has(*_TELLING) for mark in marks)
    if not is_telling and sentence[-1].key != ":" and not any(mark.subject for mark in marks):
        return
    found = clauses(sentence, marks)
    all_heads = [heads(clause, sentence) for clause in found]
    when = times(found, published, carried.time)
    if is_telling:
        silent = silenced(sentence, found)
        recovered = []
        for index, draft in recoveries(found, all_heads, context):
            if not silent[index]:
                at_close = any(clause.having("as_of.close") for clause in found)
                recovered.append(draft)
                yield draft, replace(when[index], as_of="close" if at_close else None)
        ways = _ways(found, carried.direction)
        inherited = Inherited()
        main: list[Subject] = []
        for index, clause in enumerate(found):
            inherited.direction = ways[index]
            main = _take_over(index, found, all_heads, inherited, main)
            scene = Scene(
                clause, sentence, all_heads[index], context, inherited, published, silent[index]
            )
            if not inherited.subjects and not _names(all_heads[index]):
                inherited.subjects = _ahead(all_heads[index + 1 :], context)
            for draft in _of_clause(scene, [draft.subject for draft in recovered]):
                yield draft, time_at(draft.place or draft.start, clause, when[index], published)
            named, _ = context.resolve(_first(all_heads[index]))
            inherited.subjects = named or inherited.subjects
            context.note(all_heads[index])
        carried.direction = ways[-1] or carried.direction
    else:
        for head in all_heads:
            context.note(head)
    carried.time = when[-1]


def _of_clause(scene: Scene, recovered: Sequence[Subject]) -> list[Draft]:
    found = [*moves(scene), *extremes(scene)]
    if scene.is_silenced:
        return found
    found += ranks(scene)
    if all(draft.rule == "other_family" for draft in found):
        found += [draft for draft in directions(scene) if draft.subject not in recovered]
    return found


def _take_over(
    index: int,
    found: Sequence[Clause],
    all_heads: Sequence[Sequence[Head]],
    inherited: Inherited,
    main: list[Subject],
) -> list[Subject]:
    """Set what a clause inherits around an insertion; return whom the main clause is about."""
    clause, before = found[index], found[index - 1] if index else None
    inherited.venue = _venue(clause) or inherited.venue
    if before is None:
        return []
    if before.is_insertion and not _names(all_heads[index]):
        inherited.family, inherited.is_market = None, False
        inherited.subjects = main or inherited.subjects
    if clause.link != RELATIVE:
        return []
    main = inherited.subjects
    inherited.subjects = _just_named(before, clause) or main
    return main


def _names(found: Sequence[Head]) -> list[Head]:
    return [head for head in found if head.kind in WHO]


def _first(found: Sequence[Head]) -> Head | None:
    named = _names(found)
    return next((head for head in named if head.kind == NAME), next(iter(named), None))


def _just_named(before: Clause, clause: Clause) -> list[Subject]:
    """Return the name right before a clause that begins with "which"."""
    names = [mark for mark in before.marks if mark.subject and clause.start - mark.end <= 3]
    return [mark.subject for mark in names[-1:] if mark.subject]


def _venue(clause: Clause) -> str | None:
    """Return the city that a clause begins with: it holds on in the clauses behind it."""
    marks = [mark for mark in clause.marks if mark.start - clause.start <= 3]
    return next((mark.under("venues") for mark in marks if mark.has("venues")), None)


def _ahead(later: Iterable[Sequence[Head]], context: Context) -> list[Subject]:
    """Return whom the next clause names: "After falling 3%, Apple recovered"."""
    for found in later:
        head = _first(found)
        if head is not None:
            return context.resolve(head)[0]
    return []


def _ways(found: Sequence[Clause], carried: str | None) -> list[str | None]:
    """Return the direction that each clause would take over: from before it, else behind it."""
    own = [clause.directions[-1].direction if clause.directions else None for clause in found]
    made: list[str | None] = []
    last = carried
    for index, clause in enumerate(found):
        later = next(
            (
                own[at]
                for at in range(index + 1, len(found))
                if own[at] and found[at].link in (COMMA, AND)
            ),
            None,
        )
        if clause.link == SUBORDINATE:
            last = None
        made.append(last or later)
        last = own[index] or last
    return made
