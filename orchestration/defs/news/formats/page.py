"""Saved web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.defs.news.article import MAXIMUM_WRAPPED_BYTES, Article, ArticleError
from orchestration.defs.news.derive import article_from
from orchestration.defs.news.markup import article_text, parse_html
from orchestration.defs.news.page_metadata import metadata
from orchestration.defs.news.text import decode

SUFFIXES = (".html", ".htm")

# Where browsers look for it, by the same rule.
_DECLARED = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BEGINNING = 1024


def articles(data: bytes, name: str) -> Iterator[Article]:
    """Yield the page's article."""
    yield page_article(page_text(data), name)


def page_text(data: bytes) -> str:
    """Return a page's markup, by its byte order mark, its own declaration, or as UTF-8.

    Raises:
        ArticleError: too large, or not in that encoding.
    """
    if len(data) > MAXIMUM_WRAPPED_BYTES:
        raise ArticleError(f"larger than {MAXIMUM_WRAPPED_BYTES:,} bytes")
    declared = _DECLARED.search(data[:_BEGINNING])
    return decode(data, declared[1].decode("ascii") if declared else None)


def page_article(markup: str, name: str) -> Article:
    """Return the article of a page.

    Raises:
        ArticleError: it has no text, or cannot be read.
    """
    page = parse_html(markup)
    if page is None:
        raise ArticleError("it holds no text")
    stated = metadata(page)
    return article_from(
        name,
        title=stated.title,
        body=article_text(page),
        publisher=stated.publisher,
        language=stated.language,
        stamp=stated.stamp,
        url=stated.url,
    )
