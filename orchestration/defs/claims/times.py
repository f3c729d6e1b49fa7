"""When: the as-of word, the period and the date of a clause.

Belongs here: which of the words of a sentence date a clause. Does not belong here: sessions and
calendars (SQL).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from orchestration.defs.claims.clause import AND, COMMA, RELATIVE, START, SUBORDINATE, Clause
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.schema import AS_OF, PERIODS, WEEKDAYS

_PERIODS = tuple(f"periods.{name}" for name in PERIODS)
_AS_OF = tuple(f"as_of.{name}" for name in AS_OF)
_DAYS = tuple(f"days.{name}" for name in (*WEEKDAYS, "today", "yesterday"))
_TIMED = frozenset(
    {*_PERIODS, *_DAYS, "day", "durations.day", "durations.week", "durations.month"}
    | {"durations.year"}
)
_ADVERBS = ("directions.up.adverbs", "directions.down.adverbs")
_EXTREMES = ("extremes.any", "extremes.up", "extremes.down")


@dataclass(frozen=True, slots=True)
class Time:
    """When a clause's move happened, as far as the text says."""

    as_of: str | None = None
    period: str | None = None
    day: date | None = None
    day_rule: str = "none"
    is_weak: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether it has a period or a day of its own."""
        return self.period is not None or self.day is not None


def times(found: Sequence[Clause], published: date, carried: Time) -> list[Time]:
    """Return the time of each clause of a sentence.

    An as-of word governs its sentence. A period or a day holds on in the clauses behind it,
    except across a subordinator, and in the clause before it when "and" joins the two.

    Args:
        found: the clauses of the sentence.
        published: the day of publication in UTC.
        carried: the time of the line that a list item belongs to.
    """
    own = [_own_time(clause, published) for clause in found]
    made: list[Time] = []
    for index, (clause, time) in enumerate(zip(found, own, strict=True)):
        before = made[-1] if made else carried
        as_of = time.as_of
        if as_of is None and _spreads(before, clause, time):
            as_of = before.as_of
        if as_of is None:
            later = (
                own[at].as_of
                for at in range(index + 1, len(found))
                if found[at].link in (COMMA, AND)
            )
            as_of = next((name for name in later if name and name != "time_of_writing"), None)
        dated = time
        if not time.is_dated:
            is_tied = clause.link != SUBORDINATE
            if clause.link == RELATIVE:
                is_tied = not (found[index - 1].figures or found[index - 1].directions)
            if before.is_dated and is_tied:
                dated = before
                has_name = any(mark.subject for mark in clause.marks)
                if index and found[index - 1].is_insertion and not has_name:
                    is_first = found[index - 1].link == START or index < 2
                    dated = time if is_first else made[index - 2]
            elif index + 1 < len(found):
                dated = _trailing(time, found[index + 1], own[index + 1])
        elif time.day is None and time.period == "session" and before.period in (None, "session"):
            dated = replace(time, day=before.day, day_rule=before.day_rule)
        is_weak = as_of is not None and (time.is_weak if time.as_of else before.is_weak)
        made.append(replace(dated, as_of=as_of, is_weak=is_weak))
    return made


def _trailing(own: Time, following: Clause, its: Time) -> Time:
    """Return the date that the next item of a list ends with: "A fell 3% and B 1% on Monday"."""
    if following.link not in (COMMA, AND) or not any(mark.subject for mark in following.marks):
        return own
    if following.link == AND:
        return its
    figures, dates = following.figures, following.having("day", *_DAYS)
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
    verbs = [mark for mark in clause.directions if not mark.has(*_ADVERBS)]
    has_name = any(mark.subject for mark in clause.marks)
    if own.day is not None or clause.having("levels.verbs"):
        return False
    return not verbs or (not has_name and clause.link == COMMA)


def time_at(place: int, clause: Clause, time: Time, published: date) -> Time:
    """Return the time of a claim at a token: of two days in its clause, the nearer one."""
    if clause.keys.isdisjoint(("day", *_DAYS)):
        return time
    marks = [mark for mark in clause.marks if mark.start not in clause.asides]
    days = []
    for index, mark in enumerate(marks):
        day, rule = _day(marks, index, published)
        if day is not None:
            days.append((abs(mark.start - place), day, rule))
    if len(days) < 2:
        return time
    _, day, rule = min(days, key=lambda found: found[0])
    return replace(time, day=day, day_rule=rule)


def _own_time(clause: Clause, published: date) -> Time:
    marks = [mark for mark in clause.marks if mark.start not in clause.asides]
    is_extreme = bool(clause.having(*_EXTREMES))
    as_of = (
        []
        if clause.keys.isdisjoint(_AS_OF)
        else [
            str(mark.under("as_of"))
            for mark in clause.marks
            if mark.has(*_AS_OF) and _counts(mark, clause)
        ]
    )
    is_weak = not any(
        mark.has(*_AS_OF) and not mark.has("levels.verbs") for mark in clause.marks
    ) and set(as_of) == {"time_of_writing"}
    explicit = [name for name in as_of if name != "time_of_writing"]
    period, day, rule = None, None, "none"
    is_timed = not clause.keys.isdisjoint(_TIMED)
    for index in range(len(marks) if is_timed else 0):
        if period is None or period == "session":
            period = _period(marks, index, is_extreme) or period
        if day is None:
            day, rule = _day(marks, index, published)
    # "closed lower after the bell": the more exact phrase is the longer one
    return Time(next(iter(explicit or as_of), None), period, day, rule, is_weak)


def _counts(mark: Mark, clause: Clause) -> bool:
    """Tell "is down 3%" from "a fall of 3% is the largest"."""
    if mark.start in clause.asides and clause.link != RELATIVE:
        return not mark.has("levels.verbs", "as_of.time_of_writing")
    if not (mark.has("as_of.time_of_writing") and mark.has("levels.verbs")):
        return True
    return any(
        other.start >= mark.end and (other.figure or other.direction) for other in clause.marks
    )


def _period(marks: Sequence[Mark], index: int, is_extreme: bool) -> str | None:
    mark = marks[index]
    if mark.has(*_PERIODS):
        return next(name for name in PERIODS if mark.has(f"periods.{name}"))
    before = marks[index - 1] if index else None
    touches = before is not None and before.end >= mark.start - 1
    if mark.day is not None and mark.day.day is None:
        is_since = any(
            other.has("extremes.since") and mark.start - other.end <= 5 for other in marks[:index]
        )
        if is_since:
            return None if is_extreme else "other"
        if before is not None and before.has("periods.in") and touches:
            return "month" if mark.day.month else "year"
    if before is not None and before.has("extremes.since") and mark.has(*_DAYS) and not is_extreme:
        return "other"
    unit = mark.under("durations")
    if unit is not None and before is not None and before.number and mark.start - before.end <= 1:
        return _span(before.number, unit)
    return None


def _span(number: str, unit: str) -> str:
    known = {
        ("1", "day"): "session",
        ("2", "day"): "two_session",
        ("5", "day"): "week",
        ("1", "week"): "week",
        ("1", "month"): "month",
        ("12", "month"): "year",
        ("1", "year"): "year",
    }
    return known.get((number, unit), "other")


def _day(marks: Sequence[Mark], index: int, published: date) -> tuple[date | None, str]:
    mark = marks[index]
    before = marks[index - 1] if index else None
    if before is not None and before.has("extremes.since") and before.end == mark.start:
        return None, "none"
    if mark.day is not None:
        resolved = mark.day.resolved(published)
        return resolved, "explicit_date" if resolved else "none"
    if not mark.has(*_DAYS):
        return None, "none"
    if mark.has("days.today"):
        return published, "today"
    if mark.has("days.yesterday"):
        return published - timedelta(days=1), "yesterday"
    weekday = next(at for at, name in enumerate(WEEKDAYS) if mark.has(f"days.{name}"))
    back = (published.weekday() - weekday) % 7
    around = [marks[at] for at in (index - 1, index + 1) if 0 <= at < len(marks)]
    is_last = any(
        other.has("days.last") and (other.end == mark.start or mark.end == other.start)
        for other in around
    )
    if back == 0 and is_last:
        back = 7
    return published - timedelta(days=back), "weekday"
