"""Dates as printed, read by the patterns of a language.

Belongs here: from tokens to a `Day`. Does not belong here: which move a date belongs to (`times`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from orchestration.defs.claims.language import Language
from orchestration.defs.claims.marks import Day
from orchestration.defs.claims.schema import MONTHS
from orchestration.defs.claims.text import Token, phrase_keys

_FIELDS = ("day", "month", "monthnumber", "year")


class DatePatterns:
    """The date patterns of a language, longest first, by what their first word is."""

    def __init__(self, language: Language) -> None:
        self._months = {
            tuple(phrase_keys(phrase)): number
            for number, name in enumerate(MONTHS, 1)
            for phrase in language.phrases[f"months.{name}"]
        }
        self.first_month_words = frozenset(words[0] for words in self._months)
        self._longest_month = max((len(words) for words in self._months), default=0)
        patterns = sorted(language.patterns, key=len, reverse=True)
        self._patterns: dict[str, list[list[str]]] = {}
        for parts in map(_parts, patterns):
            first = "number" if parts[0] in ("day", "monthnumber", "year") else parts[0]
            self._patterns.setdefault(first, []).append(parts)

    def longest(self, sentence: Sequence[Token], start: int) -> tuple[int, Day | None]:
        """Return the end of the date that begins at a token, and the date."""
        token = sentence[start]
        fitting = self._patterns.get("number" if token.kind == "number" else token.key, [])
        if token.key in self.first_month_words:
            fitting = [*fitting, *self._patterns.get("month", [])]
        best: tuple[int, Day | None] = (start, None)
        following = sentence[start + 1].key if start + 1 < len(sentence) else ""
        for parts in fitting:
            second = parts[1] if len(parts) > 1 else "day"
            is_other = second not in _FIELDS and second != following
            if is_other and token.kind == "number" and "." not in token.key:
                continue  # but "27.1.2025" holds its points
            end, day = self._match(parts, sentence, start)
            if day is not None and end > best[0]:
                best = (end, day)
        return best

    def may_begin(self, token: Token) -> bool:
        """Whether a date can begin at a token."""
        key = token.key
        return token.kind == "number" or key in self.first_month_words or key in self._patterns

    def bare(self, sentence: Sequence[Token], start: int) -> tuple[int, Day | None]:
        """Return a month or a year alone, which only some words before it make a date."""
        end, month = self.month_at(sentence, start)
        if month is not None:
            return end, Day(month, None)
        token = sentence[start]
        year = _whole(token.key, "year") if token.kind == "number" else None
        return (start, None) if year is None else (start + 1, Day(None, year))

    def month_at(self, sentence: Sequence[Token], start: int) -> tuple[int, int | None]:
        """Return the end and the number of a month's name at a token."""
        for length in range(self._longest_month, 0, -1):
            words = tuple(token.key for token in sentence[start : start + length])
            if words in self._months:
                return start + length, self._months[words]
        return start, None

    def _match(
        self, parts: Sequence[str], sentence: Sequence[Token], start: int
    ) -> tuple[int, Day | None]:
        position = start
        found: dict[str, int] = {}
        queue = list(parts)
        while queue:
            part = queue.pop(0)
            if position >= len(sentence):
                return start, None
            if part == "month":
                end, month = self.month_at(sentence, position)
                if month is None:
                    return start, None
                found["month"], position = month, end
                continue
            token = sentence[position]
            is_read = _read(token, part, queue, found) if part in _FIELDS else token.key == part
            if not is_read:
                return start, None
            position += 1
        return position, Day(found.get("month"), found.get("year"), found.get("day"))


def _read(token: Token, part: str, queue: list[str], found: dict[str, int]) -> bool:
    """Read the number of a field, and of those behind it that its points join to it.

    "27.1.2025" and "27.1" are one figure token, so they answer to several parts at once.
    """
    if token.kind != "number":
        return False
    digits = token.key.split(".") if queue[:1] == ["."] else [token.key]
    fields = [part]
    for _ in digits[1:]:
        if len(queue) < 2 or queue[0] != "." or queue[1] not in ("monthnumber", "year"):
            return False
        fields.append(queue[1])
        del queue[:2]
    for field, text in zip(fields, digits, strict=True):
        number = _whole(text, field)
        if number is None:
            return False
        found["month" if field == "monthnumber" else field] = number
    return True


def _parts(pattern: Sequence[str]) -> list[str]:
    parts: list[str] = []
    for word in pattern:
        parts += [word] if word in _FIELDS else phrase_keys(word)
    return parts


@lru_cache(maxsize=4096)
def _whole(digits: str, field: str) -> int | None:
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4:
        return None
    number = int(digits)
    low, high = {"day": (1, 31), "monthnumber": (1, 12), "year": (1900, 2100)}[field]
    return number if low <= number <= high and (field != "year" or len(digits) == 4) else None
