"""When: the as-of word, the period and the date of each clause of a sentence.

Belongs here: what a clause takes over from its neighbours. Does not belong here: what it names
itself (`own_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from orchestration.defs.claims.clause import (
    ADVERBS,
    AND,
    COMMA,
    RELATIVE,
    START,
    SUBORDINATE,
    Clause,
)
from orchestration.defs.claims.own_time import DAYS, Time, day_at, own_time
from orchestration.defs.claims.schema import FAMILIES

_FAMILIES = tuple(f"families.{name}" for name in FAMILIES)


def times(found: Sequence[Clause], published: date, carried: Time) -> list[Time]:
    """Return the time of each clause of a sentence.

    An as-of word governs its sentence. A period or a day holds on in the clauses behind it,
    except across a subordinator, and in the clause before it when "and" joins the two.

    Args:
        found: the clauses of the sentence.
        published: the day of publication in UTC.
        carried: the time of the line that a list item belongs to.
    """
    own = [own_time(clause, published) for clause in found]
    made: list[Time] = []
    for index, time in enumerate(own):
        before = made[-1] if made else carried
        as_of = time.as_of or _as_of(index, found, own, before)
        dated = time
        if not time.is_dated:
            dated = _dated(index, found, own, [carried, *made])
        elif time.day is None and time.period == "session" and before.period in (None, "session"):
            dated = replace(time, day=before.day, day_rule=before.day_rule)
        is_weak = as_of is not None and (time.is_weak if time.as_of else before.is_weak)
        made.append(replace(dated, as_of=as_of, is_weak=is_weak))
    return made


def _as_of(index: int, found: Sequence[Clause], own: Sequence[Time], before: Time) -> str | None:
    """Return the as-of word that a clause takes over: from before it, else from behind it."""
    if before.as_of is not None and _spreads(before, found[index], own[index]):
        return before.as_of
    later = (own[at].as_of for at in range(index + 1, len(found)) if found[at].link in (COMMA, AND))
    return next((name for name in later if name and name != "time_of_writing"), None)


def _dated(
    index: int, found: Sequence[Clause], own: Sequence[Time], earlier: Sequence[Time]
) -> Time:
    """Return the date that a clause without one takes over; `earlier` ends with the one before."""
    clause, last = found[index], found[index - 1] if index else None
    if last is not None and last.having(*_FAMILIES) and not clause.having(*_FAMILIES):
        # "revenue rose 34% in August; its shares gained 1%": the day is shared, the span is not
        earlier = [*earlier[:-1], replace(earlier[-1], period=None)]
    # the day of an announcement to come is not the move's
    is_tied = clause.link != SUBORDINATE and not (last and "forecast" in last.cues)
    if clause.link == RELATIVE and last is not None:
        is_tied = not (last.figures or last.directions)
    if earlier[-1].is_dated and is_tied:
        if last is None or not last.is_insertion or clause.names:
            return earlier[-1]
        is_first = last.link == START or index < 2
        return own[index] if is_first else earlier[-2]
    if index + 1 < len(found):
        return _trailing(own[index], found[index + 1], own[index + 1])
    return own[index]


def _trailing(own: Time, following: Clause, its: Time) -> Time:
    """Return the date that the next item of a list ends with: "A fell 3% and B 1% on Monday"."""
    if following.link not in (COMMA, AND) or not following.names:
        return own
    if following.link == AND:
        return its
    figures, dates = following.figures, following.having("day", *DAYS)
    if not figures or not dates or dates[-1].start < figures[-1].start or its.period:
        return own
    return its


def _spreads(before: Time, clause: Clause, own: Time) -> bool:
    """Whether the as-of word before a clause holds on in it."""
    if before.as_of == "time_of_writing" and own.day is not None:
        return False
    return not before.is_weak or _is_gapped(clause, own)


def _is_gapped(clause: Clause, own: Time) -> bool:
    """Whether a clause leans on the verb before it: "Microsoft 3%", "with ASML down 3%"."""
    verbs = [mark for mark in clause.directions if not mark.has(*ADVERBS)]
    if own.day is not None or clause.having("levels.verbs"):
        return False
    return not verbs or (not clause.names and clause.link == COMMA)


def time_at(place: int, clause: Clause, time: Time, published: date) -> Time:
    """Return the time of a claim at a token: of two days in its clause, the nearer one."""
    if clause.keys.isdisjoint(("day", *DAYS)):
        return time
    marks = [mark for mark in clause.marks if mark.start not in clause.asides]
    days = []
    for index, mark in enumerate(marks):
        day, rule = day_at(marks, index, published)
        if day is not None:
            days.append((abs(mark.start - place), day, rule))
    if len(days) < 2:
        return time
    _, day, rule = min(days, key=lambda found: found[0])
    return replace(time, day=day, day_rule=rule)
