"""Looking a feed over before feedparser reads it.

Belongs here: what makes an answer no feed, or one that would cost too much. Does not belong here:
its entries (`feed_entries`).

feedparser reports neither an empty answer nor a page of HTML, reads a broken feed by guessing,
and takes 15 microseconds for each tag.
"""

from __future__ import annotations

from xml.parsers import expat

from orchestration.defs.news.article import ArticleError

_PAGE = "a page of HTML where the feed should be"
_MOST_ELEMENTS = 1_000_000
_DEEPEST = 100
# A feed that is no XML is read by a slower parser, which must not have much to read.
_MOST_BROKEN_BYTES = 2_000_000


def check_feed(data: bytes) -> None:
    """Raise if an answer must not or need not be parsed.

    Raises:
        ArticleError: it is empty, HTML, declares entities (as XML bombs do), is nested too deep,
            or has too many elements.
    """
    if not data.strip():
        raise ArticleError("an empty answer")
    if data.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise ArticleError(_PAGE)
    looked = _Looked()
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = looked.entity
    parser.StartElementHandler = looked.start
    parser.EndElementHandler = looked.end
    # an entity from outside is never asked for: expat has no handler that would
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, ArticleError):
            raise
        if len(data) > _MOST_BROKEN_BYTES:
            raise ArticleError(f"no well-formed XML ({error})") from error
    if looked.root == "html":
        raise ArticleError(_PAGE)


class _Looked:
    """What a first pass over the elements sees."""

    def __init__(self) -> None:
        self.root = ""
        self._depth = 0
        self._elements = 0

    def entity(self, name: str, *_: object) -> None:
        raise ArticleError(f"declares the entity {name[:40]!r}, as XML bombs do")

    def start(self, name: str, _: dict[str, str]) -> None:
        self.root = self.root or name.lower()
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST:
            raise ArticleError(f"elements nested deeper than {_DEEPEST}")
        if self._elements > _MOST_ELEMENTS:
            raise ArticleError(f"more than {_MOST_ELEMENTS:,} elements")

    def end(self, _: str) -> None:
        self._depth -= 1
