"""Parsers of one cell of a reference CSV.

Belongs here: how a text becomes a value, and the words that say what was expected instead.
Does not belong here: which column has which parser (`tables`) and rules across cells (`rules`).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

from orchestration.settings import price_providers

Value = str | int | float | date | datetime
Parser = Callable[[str], Value]

_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_STATED = re.compile(r"\d+(\.\d+)?|\d{4}-(0[1-9]|1[0-2])")


class CellError(ValueError):
    """A cell cannot be used. The message says what was expected, not what was found."""


def text(cell: str) -> str:
    """Return one line of text, without blanks at its ends."""
    if cell != cell.strip() or any(unicodedata.category(sign) == "Cc" for sign in cell):
        raise CellError("one line of text without blanks at its ends or control characters")
    return cell


def matching(pattern: str, expected: str) -> Parser:
    """Return a parser for texts that match the whole pattern."""
    compiled = re.compile(pattern)

    def parse(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise CellError(expected)
        return cell

    return parse


def one_of(*choices: str) -> Parser:
    """Return a parser for a closed list of words."""

    def parse(cell: str) -> str:
        if cell not in choices:
            raise CellError(f"one of {', '.join(choices)}")
        return cell

    return parse


def words(each: Parser) -> Parser:
    """Return a parser for distinct words with one space between them."""

    def parse(cell: str) -> str:
        parts = cell.split(" ")
        for part in parts:
            each(part)
        if len(set(parts)) < len(parts):
            raise CellError("each word once, with one space between words")
        return cell

    return parse


def integer(low: int, high: int) -> Parser:
    """Return a parser for whole numbers from `low` to `high`."""
    expected = f"a whole number from {low} to {high}"

    def parse(cell: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", cell) or not low <= int(cell) <= high:
            raise CellError(expected)
        return int(cell)

    return parse


def positive_number(cell: str) -> float:
    """Return a finite number above zero."""
    if not _NUMBER.fullmatch(cell):
        raise CellError("a number such as 60.36 or 1e9, with a point and no thousands sign")
    value = float(cell)
    if not math.isfinite(value):
        raise CellError("a finite number")
    if value <= 0:
        raise CellError("a number above 0")
    return value


def number(cell: str) -> float:
    """Return a finite number of either sign."""
    if not _NUMBER.fullmatch(cell) or not math.isfinite(float(cell)):
        raise CellError("a number such as -0.0123, with a point and no thousands sign")
    return float(cell)


def stated_value(cell: str) -> str:
    """Return a printed figure as text, so that its stated precision is kept."""
    if not _STATED.fullmatch(cell):
        raise CellError("the figure as printed, such as 17 or 1.5 without a sign, or 2020-03")
    return cell


def timestamp(cell: str) -> datetime:
    """Return a moment in UTC from a text that names its zone."""
    expected = "a timestamp with zone, such as 2025-01-26T12:00:00Z"
    if not _TIMESTAMP.fullmatch(cell):
        raise CellError(expected)
    try:
        return datetime.fromisoformat(cell).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CellError(f"{expected} ({error})") from error


def day(cell: str) -> date:
    """Return a day."""
    expected = "a day, such as 2025-01-27"
    if not _DAY.fullmatch(cell):
        raise CellError(expected)
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise CellError(f"{expected} ({error})") from error


def price_provider(cell: str) -> str:
    """Return the name of a price provider that is there."""
    return str(one_of(*price_providers())(cell))


def number_or_date_format(cell: str) -> str:
    """Return `comma`, or a date's format with day, month and year, each once, and no words."""
    parts = re.findall(r"%(.)", cell)
    if cell != "comma" and (
        not re.fullmatch(r"(%[YymbBdjHMS]|[ ./,:T-])+", cell)
        or len(set(parts)) < len(parts)
        or len({"Y", "y"} & set(parts)) != 1
        or not (({"d"} < {*parts} and {"m", "b", "B"} & {*parts}) or "j" in parts)
    ):
        raise CellError("`comma` for numbers such as 118,42, or a date's format such as %d.%m.%Y")
    return cell


mic = matching(r"[A-Z0-9]{4}", "a market identifier code of four characters, such as XNYS")
symbol = matching(
    r"[A-Z0-9^][A-Z0-9.^=-]{0,19}",
    "a symbol of 1 to 20 characters such as NVDA, ENR.DE or ^GSPC (A-Z, 0-9, . ^ = -)",
)
language = matching(r"[a-z]{2}", "two letters such as en, or empty for every language")
currency = matching(r"[A-Z]{3}|GBp", "a currency code such as USD, or GBp for pence")
identifier = matching(
    r"[a-z0-9][a-z0-9-]{0,79}", "an id of a-z, 0-9 and hyphens, such as deepseek-2025-01"
)
group_name = matching(
    r"(?!all$)[a-z0-9][a-z0-9-]{0,79}",
    "a group of a-z, 0-9 and hyphens, such as chips; `all` is kept for every member together",
)
factor = matching(r"[a-z][a-z0-9_]{0,39}", "a factor of a-z, 0-9 and _, such as mkt_rf")
web_address = matching(
    r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[!-~]*)?", "an http or https address without blanks"
)
vendor = matching(
    r"[a-z0-9][a-z0-9-]{0,39}", "a folder's name of at most 40 of a-z, 0-9 and hyphens"
)
vendor_meaning = one_of(
    *("symbol", "date", "currency"),
    *("open", "high", "low", "close", "adjusted_close", "volume", "dividend", "split_ratio"),
)
feed_id = matching(r"[a-z0-9][a-z0-9-]{0,39}", "an id of at most 40 of a-z, 0-9 and hyphens")
two_letters = matching(r"[a-z]{2}", "a language of two letters, such as en")
measure = matching(r"[a-z][a-z0-9_]{0,39}", "a measure of a-z, 0-9 and _, such as price_change")
window = matching(r"-?\d{1,3}:-?\d{1,3}", "windows as first:last, such as 0:0 -1:1")
