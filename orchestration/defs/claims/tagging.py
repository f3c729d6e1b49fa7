"""Marking a sentence: names, dates, numbers and the words of the language, left to right.

Belongs here: what begins at each token. Does not belong here: what the marks say together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from orchestration.defs.claims.dates import DatePatterns
from orchestration.defs.claims.figures import figures
from orchestration.defs.claims.language import Language
from orchestration.defs.claims.lexicon import Meaning
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.numerals import plain_number
from orchestration.defs.claims.subjects import UNKNOWN, Aliases, Subject
from orchestration.defs.claims.text import Token

DIGITS = frozenset({"numbers.digits"})
NAME = frozenset({"subject"})
# A text of made-up words must not fill the memory.
_MAXIMUM_REMEMBERED = 50_000


class Tagger:
    """Marks sentences of one language."""

    def __init__(self, language: Language, aliases: Aliases) -> None:
        self.language = language
        self._aliases = aliases
        self._dates = DatePatterns(language)
        self._lexicon = language.lexicon
        self._beginnings: dict[str, tuple[bool, bool, bool]] = {}
        self._keys: dict[tuple[Meaning, ...], tuple[frozenset[str], str | None]] = {}
        self._joins_groups = " " in language.group

    @cached_property
    def month_words(self) -> frozenset[str]:
        """The first words of the months' names."""
        return self._dates.first_month_words

    def marks(self, sentence: Sequence[Token]) -> list[Mark]:
        """Return the marks of a sentence in order; none overlap."""
        found: list[Mark] = []
        position = 0
        while position < len(sentence):
            mark = self._mark(sentence, position, found[-1] if found else None)
            if mark is None:
                position += 1
                continue
            found.append(mark)
            position = mark.end
        found = figures(_added(found, sentence), sentence)
        return self._with_names(found, sentence)

    def _mark(self, sentence: Sequence[Token], start: int, before: Mark | None) -> Mark | None:
        """Return what begins at a token: the longest of a date, a name, a number, a phrase."""
        token = sentence[start]
        is_name, is_date, is_phrase = self._begins(token)
        if not (is_name or is_date or is_phrase):
            return None
        end, subject = self._aliases.longest(sentence, start) if is_name else (start, None)
        date_end, day = self._dates.longest(sentence, start) if is_date else (start, None)
        phrase_end, meanings = self._lexicon.longest(sentence, start) if is_phrase else (start, ())
        is_near = before is not None and start - before.end <= 1
        if day is None and is_near and before and before.has("periods.in", "extremes.since"):
            date_end, day = self._dates.bare(sentence, start)
        is_longest = day is not None and date_end >= max(end, phrase_end)
        if is_longest and not (token.kind == "number" and self._is_amount(sentence, date_end)):
            return Mark(start, date_end, frozenset({"day"}), day=day)
        if subject is not None and end >= phrase_end:
            return Mark(start, end, NAME, subject=subject)
        if phrase_end > start:
            keys, number = self._meaning(meanings)
            # an article that counts as one is no digit: "a billion", "one billion"
            return Mark(start, phrase_end, keys, number=number)
        return self._digits(sentence, start) if token.kind == "number" else None

    def _begins(self, token: Token) -> tuple[bool, bool, bool]:
        """Return whether a name, a date or a phrase can begin with a token."""
        known = self._beginnings.get(token.text)
        if known is None:
            if len(self._beginnings) >= _MAXIMUM_REMEMBERED:
                self._beginnings.clear()
            known = self._beginnings[token.text] = (
                self._aliases.may_begin(token),
                self._dates.may_begin(token),
                self._lexicon.may_begin(token),
            )
        return known

    def _is_amount(self, sentence: Sequence[Token], end: int) -> bool:
        """Whether a unit follows, so that "March 3%" or "12/2024 dollars" is no date."""
        if end >= len(sentence):
            return False
        _, meanings = self._lexicon.longest(sentence, end)
        return any(key.startswith(("units.", "currencies.")) for key, _ in meanings)

    def _digits(self, sentence: Sequence[Token], start: int) -> Mark | None:
        end, printed = start + 1, sentence[start].text
        if self._joins_groups and printed.isdigit() and len(printed) <= 3:
            while (
                end < len(sentence)
                and sentence[end].kind == "number"
                and len(sentence[end].text.split(self.language.decimal)[0]) == 3
                and sentence[end].start - sentence[end - 1].end == 1
                and printed.isdigit()
            ):
                printed += sentence[end].text
                end += 1
        number = plain_number(printed, self.language)
        return None if number is None else Mark(start, end, DIGITS, number=number)

    def _meaning(self, meanings: tuple[Meaning, ...]) -> tuple[frozenset[str], str | None]:
        known = self._keys.get(meanings)
        if known is None:
            keys = frozenset(key for key, _ in meanings)
            if any(key.startswith("venues.") for key in keys):
                keys |= {"venues"}
            number = next((value for _, value in meanings if value is not None), None)
            if number is None and "numbers.one" in keys:
                number = "1"
            known = self._keys[meanings] = (keys, number)
        return known

    def _with_names(self, found: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
        """Add names that no table knows: words with a capital that nothing else explains."""
        if self.language.capitalised_nouns:
            return found
        made: list[Mark] = []
        position = 0
        for mark in [*found, None]:
            stop = mark.start if mark else len(sentence)
            while position < stop:
                end = position
                while end < stop and _is_capital(sentence[end]):
                    end += 1
                if end == position:
                    position += 1
                    continue
                # the first word of a sentence has its capital from there
                if position > 0 or end - position > 1:
                    name = " ".join(token.text for token in sentence[position:end])
                    made.append(Mark(position, end, NAME, subject=Subject(name, None, UNKNOWN)))
                position = end
            if mark:
                made.append(mark)
                position = mark.end
        return made


def _is_capital(token: Token) -> bool:
    return token.kind == "word" and token.text[0].isupper() and len(token.text) > 1


def _added(found: list[Mark], sentence: Sequence[Token]) -> list[Mark]:
    """Add up a tens word and a unit word side by side: twenty-one, mười bảy."""
    made: list[Mark] = []
    for mark in found:
        before = made[-1] if made else None
        if (
            before is not None
            and "numbers.words" in before.keys & mark.keys
            and "." not in f"{before.number}{mark.number}"
            and int(str(before.number)) % 10 == 0
            and 10 <= int(str(before.number)) < 100
            and 0 < int(str(mark.number)) < 10
            and all(token.key == "-" for token in sentence[before.end : mark.start])
        ):
            total = str(int(str(before.number)) + int(str(mark.number)))
            made[-1] = replace(before, end=mark.end, number=total)
        else:
            made.append(mark)
    return made
