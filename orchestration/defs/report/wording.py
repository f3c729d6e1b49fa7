"""How values of the marts are written: numbers with sign and unit, days, moments, addresses.

Belongs here: rounding for the eye, typography, and which address may become a link. Does not
belong here: computing. Every function returns plain text; the templates escape it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NONE = "\N{EM DASH}"

_MOST_IN_A_LINE = 160
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float | None, digits: int = 2) -> str:
    """Return 19341.8 as `19,341.80`, -0.001 as `0.00`, None as a dash."""
    if value is None:
        return NONE
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int = 2) -> str:
    """Return the number with its sign, except for what rounds to nothing."""
    text = number(value, digits)
    is_positive = value is not None and value > 0 and text.strip("0.,") != ""
    return f"+{text}" if is_positive else text


def percent(value: float | None, digits: int = 2) -> str:
    """Return 3.178 as `+3.18 %`."""
    return NONE if value is None else f"{signed(value, digits)}{NARROW}%"


def probability(value: float | None) -> str:
    """Return a p-value to four digits; what is smaller says so."""
    if value is None:
        return NONE
    return "< 0.0001" if value < 0.00005 else f"{value:.4f}"


def share(value: float | None) -> str:
    """Return a share of one, 0.385, as `38 %`."""
    return NONE if value is None else f"{value:.0%}".replace("%", f"{NARROW}%")


def derived(value: float | None, unit: str, direction: str | None) -> str:
    """Return a claim's derived value, which counts in the stated direction, with its sign."""
    if value is None:
        return NONE
    if direction is None:
        write: Callable[[float, int], str] = number
    else:
        write, value = signed, -value if direction == "down" else value
    if unit in {"percent", "direction"}:
        return f"{write(value, 2)}{NARROW}%"
    if unit in {"month", "rank"}:
        return write(value, 0)
    name = {"percentage_point": "percentage points", "point": "points", "points": "points"}.get(
        unit, unit.upper()
    )
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{write(value / scale, 2)} {word} {name}"
    return f"{write(value, 2)} {name}"


def day(value: date | None) -> str:
    """Return `27 Jan 2025`."""
    return NONE if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """Return `27 Jan 2025, 19:33 UTC`."""
    if value is None:
        return NONE
    utc = value.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def stamp(value: date | datetime) -> str:
    """Return a day or a moment as machines read it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def words(value: str | None) -> str:
    """Return a word of the marts as a person writes it."""
    return NONE if value is None else value.replace("_", " ").replace("-", " ")


def brief(text: str) -> str:
    """Return a text from outside at a length that a line of a list can hold."""
    return text if len(text) <= _MOST_IN_A_LINE else f"{text[:_MOST_IN_A_LINE]}…"


def link(address: str | None) -> str | None:
    """Return an address from outside if a click on it can only open a web page, else None."""
    is_web = address is not None and re.fullmatch(r"https?://[^\s\\\"'<>]{3,2000}", address)
    return address if is_web else None


def page_name(identifier: str) -> str:
    """Return the file name of an article's or event's page, whatever its id holds."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", identifier):
        return f"{identifier}.html"
    return f"x.{hashlib.sha256(identifier.encode()).hexdigest()[:24]}.html"


def anchor(identifier: str) -> str:
    """Return the id of an element, whatever the claim's own id holds."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", identifier)


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        number, signed, percent, probability, share, derived, day, moment, stamp, words, brief,
        link, page_name, anchor,
    )
}  # fmt: skip
