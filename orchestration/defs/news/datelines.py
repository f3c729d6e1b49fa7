"""The day that a text itself begins with, such as `NEW YORK, Jan 27 (Agency) -`.

Belongs here: the forms of datelines in several languages. Does not belong here: dates elsewhere
in a text, which belong to claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# By the first letters that tell a month from the others in English, Dutch, German, French,
# Spanish, Italian and Portuguese; Vietnamese numbers its months.
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "maa", "mär", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mei", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_MONTH_BY_START = {start: number for number, names in enumerate(_MONTHS, 1) for start in names}
_WORD = r"(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>(?:19|20)\d{2}))?"
_FORMS = tuple(
    # a place in front, and a sign behind that ends a dateline: without both it may be any date
    re.compile(
        rf"\W{{0,3}}(?:[^\n,:(\u2013\u2014]{{2,40}},\s+)?{form}\s*(?:[(:\u2013\u2014-]|/)",
        re.IGNORECASE,
    )
    for form in (
        rf"{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:\.|º|er)?\s+(?:de\s+)?{_WORD}{_YEAR}",
        r"(?:ngày\s+)?(?P<day>\d{1,2})/(?P<number>\d{1,2})(?:/(?P<year>(?:19|20)\d{2}))?(?=\s)",
        r"(?P<year>(?:19|20)\d{2})-(?P<number>\d{2})-(?P<day>\d{2})",
    )
)
_BEGINNING = 160


@dataclass(frozen=True)
class Dateline:
    """A day as a dateline prints it; the year is often left out."""

    month: int
    day: int
    year: int | None = None

    def nearest(self, to: date) -> date | None:
        """Return the day, in the year that brings it nearest; None when it does not exist."""
        years = (self.year,) if self.year else (to.year - 1, to.year, to.year + 1)
        days = [day for year in years if (day := _day(year, self.month, self.day))]
        return min(days, key=lambda day: abs(day - to), default=None)


def dateline(body: str) -> Dateline | None:
    """Return the dateline that a text begins with, if it begins with one."""
    beginning = body.lstrip()[:_BEGINNING]
    for form in _FORMS:
        if not (found := form.match(beginning)):
            continue
        parts = found.groupdict()
        month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
        day = int(parts["day"])
        if month is not None and _day(2000, month, day):
            return Dateline(month, day, int(parts["year"]) if parts.get("year") else None)
    return None


def _month(word: str) -> int | None:
    word = word.lower()
    # juin and juil share three letters
    return _MONTH_BY_START.get(word[:4]) or _MONTH_BY_START.get(word[:3])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
