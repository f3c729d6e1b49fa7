"""What one stretch of a sentence means.

Belongs here: the one record that the tagger makes and the rules read. Does not belong here: how
it is found (`tagging`, `figures`, `dates`) and what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from orchestration.defs.claims.subjects import Subject

# The unit of a figure without one; it can only be the level of an index.
BARE = "bare"


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure with its unit.

    Attributes:
        value: decimal text as printed, without signs and groups.
        value_to: the upper end of a range.
        scale: 1, 1e3, 1e6, 1e9 or 1e12.
        unit: percent, percentage_point, basis_point, point, a currency in lower case, or BARE.
        qualifier: as in the landed column, or `as_much_as` or `stressed`.
        sign: the direction of a printed sign.
        is_shift: one of two levels ("from 3% to 5%").
        is_fraction: written as a fraction word.
        is_level: its qualifier says that it is a level ("below $3 trillion").
    """

    value: str
    unit: str
    scale: str = "1"
    value_to: str | None = None
    qualifier: str = "exact"
    sign: str | None = None
    is_shift: bool = False
    is_fraction: bool = False
    is_level: bool = False

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency."""
        return len(self.unit) == 3


@dataclass(frozen=True, slots=True)
class Day:
    """A printed date: a day with or without its year, or a month or year with no day."""

    month: int | None
    year: int | None
    day: int | None = None

    def resolved(self, published: date) -> date | None:
        """Return the day, in the year nearest to publication if none is printed."""
        if self.day is None or self.month is None:
            return None
        years = [self.year] if self.year else [published.year + step for step in (0, -1, 1)]
        days = []
        for year in years:
            try:
                days.append(date(year, self.month, self.day))
            except ValueError:
                continue
        return min(days, key=lambda found: abs((found - published).days), default=None)


@dataclass(slots=True)  # not frozen, since that doubles the cost of making one
class Mark:
    """A stretch of tokens [start, end) of a sentence and what it means.

    Attributes:
        keys: dotted keys of the language file.
        number: the number of a table's phrase, or of digits.
    """

    start: int
    end: int
    keys: frozenset[str]
    number: str | None = None
    subject: Subject | None = None
    figure: Figure | None = None
    day: Day | None = None

    @property
    def direction(self) -> str | None:
        """The direction of a word, if it has one."""
        return _under(self.keys, "directions")

    def has(self, *keys: str) -> bool:
        """Whether the mark carries one of the dotted keys."""
        return not self.keys.isdisjoint(keys)

    def under(self, section: str) -> str | None:
        """Return the last part of its first key in a section, such as `close` of `as_of`."""
        return _under(self.keys, section)


@lru_cache(maxsize=8192)
def _under(keys: frozenset[str], section: str) -> str | None:
    """Return the first part of the first key in a section behind the section's name."""
    for key in sorted(keys):
        if key.startswith(f"{section}."):
            rest = key[len(section) + 1 :]
            return rest.split(".")[0] if section == "directions" else rest
    return None
