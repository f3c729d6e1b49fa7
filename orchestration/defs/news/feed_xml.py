"""Looking a feed over before feedparser reads it.

Belongs here: what makes an answer no feed, or one that would cost too much, and cutting a long
feed to its newest entries. Does not belong here: what an entry says (`feed_entries`).

feedparser reports neither an empty answer nor a page of HTML, reads a broken feed by guessing,
and takes a hundred times as long as this first pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.parsers import expat

from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.stamps import loose_moment

_PAGE = "a page of HTML where the feed should be"
_MOST_ELEMENTS = 1_000_000
_DEEPEST = 100
# A feed that is no XML is read by a slower parser, which must not have much to read.
_MOST_BROKEN_BYTES = 2_000_000
_ENTRIES = frozenset({"item", "entry"})
_DATES = frozenset({"pubdate", "published", "updated", "date", "issued", "modified"})
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Span:
    """Where an entry stands in the bytes of a feed, and the first date in it."""

    start: int
    end: int = 0
    date: str = ""


def look_over(data: bytes) -> list[Span]:
    """Return where the entries of a feed stand; nothing of a feed that is not well-formed.

    Raises:
        ArticleError: it is empty, HTML, declares entities (as XML bombs do), is nested too deep,
            or has too many elements.
    """
    if not data.strip():
        raise ArticleError("an empty answer")
    if data.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise ArticleError(_PAGE)
    # an entity from outside is never asked for: this parser has no handler that would
    looked = _Looked()
    try:
        looked.parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, ArticleError):
            raise
        if len(data) > _MOST_BROKEN_BYTES:
            raise ArticleError(f"no well-formed XML ({error})") from error
        looked.spans.clear()
    if looked.root == "html":
        raise ArticleError(_PAGE)
    return looked.spans


def newest(data: bytes, spans: list[Span], most: int) -> bytes:
    """Return a feed without all but its newest entries; those without a date go first."""
    if len(spans) <= most or b"\0" in data[:4]:
        # in UTF-16 an end tag is not found as below; feedparser reads it whole
        return data
    order = sorted(range(len(spans)), key=lambda at: (_moment(spans[at].date), -at), reverse=True)
    kept, after = bytearray(), 0
    for span in (spans[at] for at in sorted(order[most:])):
        kept += data[after : span.start]
        after = data.index(b">", span.end) + 1
    return bytes(kept + data[after:])


def _moment(date: str) -> datetime:
    try:
        stamp = parsedate_to_datetime(date)
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        found = loose_moment(date)
        return found[0] if found else _NEVER


class _Looked:
    """What a first pass over the elements sees."""

    def __init__(self) -> None:
        self.root = ""
        self.spans: list[Span] = []
        self._depth = 0
        self._elements = 0
        self._entry_depth = 0
        self._is_date = False
        self.parser = expat.ParserCreate()
        # a text in one piece: a date cut in two would lose the blank between
        self.parser.buffer_text = True
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _entity(self, name: str, *_: object) -> None:
        raise ArticleError(f"declares the entity {name[:40]!r}, as XML bombs do")

    def _start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        self.root = self.root or local
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST:
            raise ArticleError(f"elements nested deeper than {_DEEPEST}")
        if self._elements > _MOST_ELEMENTS:
            raise ArticleError(f"more than {_MOST_ELEMENTS:,} elements")
        if local in _ENTRIES and not self._entry_depth:
            self._entry_depth = self._depth
            self.spans.append(Span(self.parser.CurrentByteIndex))
        elif self._entry_depth:
            self._is_date = local in _DATES and not self.spans[-1].date

    def _text(self, text: str) -> None:
        if self._is_date:
            self.spans[-1].date += text.strip()

    def _end(self, _: str) -> None:
        self._is_date = False
        if self._depth == self._entry_depth:
            self._entry_depth = 0
            self.spans[-1].end = self.parser.CurrentByteIndex
        self._depth -= 1
