"""When an article was published: reading stamps, and what to believe of them.

Belongs here: one moment or day, and the rules between stamp, first sight and the text's own
date. Does not belong here: where the stamps stand (`formats`, `feed_entries`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.datelines import Dateline

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})", re.I
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_STATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
# No zone is further from UTC than this, so a date in the text may differ by a day and not by two.
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stamp:
    """When an article counts as published.

    Attributes:
        published_at: the moment, UTC.
        source: who states it; `url` for the day in the address, `first_seen` when nobody does.
        note: what speaks against it, as `word value` parts divided by `; `; None when nothing
            does. The words: `day_only`, `stated_after_first_sight`, `after_first_sight`,
            `address_says`, `dateline_says`.
    """

    published_at: datetime
    source: str
    note: str | None


def moment(value: str) -> datetime:
    """Return a stated timestamp with zone in UTC.

    Raises:
        ArticleError: it has another form or is no moment that exists.
    """
    expected = "a timestamp with zone, such as 2025-01-27T19:33:00Z"
    if not _STATED.fullmatch(value):
        raise ArticleError(f"published_at {value[:80]!r} is not {expected}")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArticleError(f"published_at {value!r} is not {expected} ({error})") from error


def loose_moment(value: str) -> tuple[datetime, bool] | None:
    """Return a moment from a page's metadata and whether it is a day only, at midnight UTC.

    A time without a zone is only known by its day. None stands for anything unusable.
    """
    value = value.strip()
    try:
        if found := _MOMENT.match(value):
            day, clock, seconds, _, zone = found.groups()
            written = f"{day}T{clock}{seconds or ':00'}{zone.upper()}"
            return datetime.fromisoformat(written).astimezone(UTC), False
        if found := _DAY.match(value):
            return _midnight(date.fromisoformat(found[0])), True
    except (ValueError, OverflowError):
        return None
    return None


def judge(
    stated: tuple[datetime, str, bool] | None,
    *,
    in_address: date | None,
    dateline: Dateline | None,
    now: datetime,
    first_seen_at: datetime,
) -> Stamp:
    """Return when an article counts as published, and what speaks against it.

    A stamp from after this moment cannot be true: the first sight stands in for it. A stamp from
    between the first sight and now is a publisher's update: it is kept and noted. A stamp that
    the text's own date contradicts is kept and noted.

    Args:
        stated: the stamp, who states it, and whether it is a day only.
        in_address: the day in the path of the address.
        dateline: the day that the text begins with.
        now: when this version is seen.
        first_seen_at: when any version was seen first.
    """
    notes = []
    if stated is None and in_address is not None and _midnight(in_address) <= now:
        stated = _midnight(in_address), "url", True
    if stated is None:
        published_at, source = first_seen_at, "first_seen"
    else:
        published_at, source, is_day_only = stated
        if published_at > now:
            notes.append(f"stated_after_first_sight {_written(published_at)}")
            published_at, source = first_seen_at, "first_seen"
        elif is_day_only:
            notes.append("day_only")
        if published_at > first_seen_at:
            notes.append(f"after_first_sight {_written(first_seen_at)}")
    if in_address is not None and _contradicts(in_address, published_at):
        notes.append(f"address_says {in_address}")
    if dateline is not None:
        day = dateline.nearest(published_at.date())
        if day is not None and _contradicts(day, published_at):
            notes.append(f"dateline_says {day}")
    return Stamp(published_at, source, "; ".join(notes) or None)


def _contradicts(day: date, published_at: datetime) -> bool:
    return abs(day - published_at.date()) > _ONE_DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _written(stamp: datetime) -> str:
    return stamp.isoformat(timespec="seconds").replace("+00:00", "Z")
