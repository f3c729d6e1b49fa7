"""The as-of word, the period and the day that a clause names itself.

Belongs here: from marks to a time. Does not belong here: what a clause takes over from another
(`times`), and sessions and calendars (SQL).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.defs.claims.clause import EXTREMES, RELATIVE, Clause
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.schema import AS_OF, PERIODS, WEEKDAYS

DAYS = tuple(f"days.{name}" for name in (*WEEKDAYS, "today", "yesterday"))
_PERIODS = tuple(f"periods.{name}" for name in PERIODS)
_AS_OF = tuple(f"as_of.{name}" for name in AS_OF)
_DURATIONS = tuple(f"durations.{name}" for name in ("day", "week", "month", "year"))
_TIMED = frozenset({*_PERIODS, *DAYS, *_DURATIONS, "day"})


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


def own_time(clause: Clause, published: date) -> Time:
    """Return the time that a clause's own words give."""
    marks = [mark for mark in clause.marks if mark.start not in clause.asides]
    is_extreme = bool(clause.having(*EXTREMES))
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
            day, rule = day_at(marks, index, published)
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
        # "Tháng 2, Nvidia tăng 4%": the month that opens a sentence is the span
        if mark.start == 0 or (before is not None and before.has("periods.in") and touches):
            return "month" if mark.day.month else "year"
    if before is not None and before.has("extremes.since") and mark.has(*DAYS) and not is_extreme:
        return "other"
    unit = mark.under("durations")
    if unit is not None and before is not None and before.number and mark.start - before.end <= 1:
        span = _span(before.number, unit)
        # "due sole sedute", but not "three record days"
        return span if mark.start == before.end or span != "other" else None
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


def day_at(marks: Sequence[Mark], index: int, published: date) -> tuple[date | None, str]:
    """Return the day that a mark names, and the rule by which it was found."""
    mark = marks[index]
    before = marks[index - 1] if index else None
    if before is not None and before.has("extremes.since") and before.end == mark.start:
        return None, "none"
    if mark.day is not None:
        resolved = mark.day.resolved(published)
        return resolved, "explicit_date" if resolved else "none"
    if not mark.has(*DAYS):
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
