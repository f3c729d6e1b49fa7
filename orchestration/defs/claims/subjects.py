"""Companies, indexes and other names, found by the alias table.

Belongs here: the longest alias that begins at a token, and a company's other listings. Does not
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

    def may_begin(self, token: Token) -> bool:
        """Whether some alias begins with a token."""
        return token.text in self._by_first

    def longest(self, sentence: Sequence[Token], start: int) -> tuple[int, Subject | None]:
        """Return the end of the longest alias that begins at a token, and its subject."""
        for words, subject in self._by_first.get(sentence[start].text, ()):
            end = start + len(words)
            if end <= len(sentence) and all(
                word == token.text for word, token in zip(words, sentence[start:end], strict=True)
            ):
                return end, subject
        return start, None


class Listings:
    """The listings of each issuer by city and by currency."""

    def __init__(self, instruments: Iterable[Mapping[str, str]]) -> None:
        """Take rows with symbol, issuer, kind, currency and city."""
        self._issuers: dict[str, str] = {}
        self._by_city: dict[tuple[str, str], str] = {}
        self._by_currency: dict[tuple[str, str], list[str]] = {}
        self._currency: dict[str, str] = {}
        for row in instruments:
            if row["kind"] != "stock":
                continue
            symbol, issuer = row["symbol"], row["issuer"]
            currency = row["currency"].lower()
            self._issuers[symbol], self._currency[symbol] = issuer, currency
            self._by_city.setdefault((issuer, row["city"].lower().replace(" ", "_")), symbol)
            self._by_currency.setdefault((issuer, currency), []).append(symbol)

    def at(self, subject: Subject, city: str | None, currency: str | None) -> Subject:
        """Return the subject with its listing in a city, or else in the currency of a price."""
        issuer = self._issuers.get(subject.symbol or "")
        if issuer is None:
            return subject
        if city is not None and (issuer, city) in self._by_city:
            return Subject(subject.name, self._by_city[issuer, city], subject.kind)
        if currency is not None and self._currency[str(subject.symbol)] != currency:
            fitting = self._by_currency.get((issuer, currency), [])
            if len(fitting) == 1:
                return Subject(subject.name, fitting[0], subject.kind)
        return subject
