"""Companies, indexes and other names, found by the alias table.

Belongs here: the longest alias that begins at a token, and names that no table knows. Does not
belong here: which of several names a figure is about (`binding`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestration.defs.claims.text import Token, normal_form, tokens

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a claim is about: a name, a listing if one is on file, and the kind of the name."""

    name: str
    symbol: str | None
    kind: str

    @property
    def is_listed(self) -> bool:
        """Whether prices of it are on file."""
        return self.symbol is not None


class Aliases:
    """The alias table for one language; names are compared as written, letter by letter."""

    def __init__(self, rows: Iterable[Mapping[str, str | None]], language: str) -> None:
        """Take rows with alias, language, subject, symbol and kind; an own language goes first."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], Subject]]] = {}
        fitting = [row for row in rows if row["language"] in (None, "", language)]
        known: set[tuple[str, ...]] = set()
        for row in sorted(fitting, key=lambda row: not row["language"]):
            words = tuple(token.text for token in tokens(normal_form(str(row["alias"]))))
            if words in known or not words:
                continue
            known.add(words)
            subject = Subject(str(row["subject"]), row["symbol"] or None, str(row["kind"]))
            self._by_first.setdefault(words[0], []).append((words, subject))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def longest(self, sentence: Sequence[Token], start: int) -> tuple[int, Subject | None]:
        """Return the end of the longest alias that begins at a token, and its subject."""
        for words, subject in self._by_first.get(sentence[start].text, ()):
            end = start + len(words)
            if end <= len(sentence) and all(
                word == token.text for word, token in zip(words, sentence[start:end], strict=True)
            ):
                return end, subject
        return start, None


def unknown_name(sentence: Sequence[Token], start: int, taken: Sequence[bool]) -> int:
    """Return the end of a name that no table knows: words with a capital, side by side."""
    end = start
    while (
        end < len(sentence)
        and not taken[end]
        and sentence[end].kind == "word"
        and sentence[end].text[0].isupper()
    ):
        end += 1
    return end
