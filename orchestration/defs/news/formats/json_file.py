"""JSON files: an article or a list of them, in the words of this project or of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import (
    MAXIMUM_WRAPPED_BYTES,
    Article,
    ArticleError,
    Rejected,
)
from orchestration.defs.news.derive import article_from
from orchestration.defs.news.markup import text_of
from orchestration.defs.news.page_metadata import two_letters
from orchestration.defs.news.stamps import loose_moment
from orchestration.defs.news.text import decode, one_line, tidy

SUFFIXES = (".json",)

_NAMES = {
    "article_id": ("article_id",),
    "title": ("title", "headline"),
    "body": ("body", "articleBody"),
    "html": ("html",),
    "publisher": ("publisher",),
    "language": ("language", "inLanguage"),
    "published_at": ("published_at", "datePublished"),
    "url": ("url",),
}
_MOST_ARTICLES = 10_000


def articles(data: bytes, name: str) -> Iterator[Article | Rejected]:
    """Yield the file's articles; one of a list that cannot be used loses no other."""
    if len(data) > MAXIMUM_WRAPPED_BYTES:
        raise ArticleError(f"larger than {MAXIMUM_WRAPPED_BYTES:,} bytes")
    try:
        content = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ArticleError):
            raise
        raise ArticleError(f"no JSON ({str(error)[:80]})") from error
    if not isinstance(content, list):
        yield _article(content, name)
        return
    if len(content) > _MOST_ARTICLES:
        raise ArticleError(f"more than {_MOST_ARTICLES:,} articles")
    for number, item in enumerate(content, 1):
        try:
            yield _article(item, f"{name} {number}")
        except ArticleError as error:
            yield Rejected(f"{name}, article {number}", str(error))


def _article(item: object, name: str) -> Article:
    if not isinstance(item, Mapping):
        raise ArticleError(f"an object with the keys {', '.join(_NAMES)} is expected")
    given = {field: _text(item, field) for field in _NAMES}
    language = two_letters(given["language"])
    if given["language"] and language is None:
        raise ArticleError(f"language {given['language'][:40]!r} is not two letters, such as en")
    article_id = given["article_id"] or None
    if article_id and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", article_id):
        raise ArticleError(f"article_id {article_id[:80]!r} is not of the form a-z, 0-9, -")
    return article_from(
        given["url"] or name,
        article_id=article_id,
        title=one_line(given["title"]),
        body=tidy(given["body"]) or text_of(given["html"]),
        publisher=one_line(given["publisher"]),
        language=language,
        stamp=_stamp(given["published_at"]),
        url=web_address(given["url"]) if given["url"] else None,
        stated=frozenset(field for field, value in given.items() if value),
    )


def _text(item: Mapping[str, Any], field: str) -> str:
    value = next((item[name] for name in _NAMES[field] if item.get(name) is not None), "")
    if field == "publisher" and isinstance(value, Mapping):
        value = value.get("name") or ""
    if not isinstance(value, str):
        raise ArticleError(f"{field} is not a text")
    return value.strip()


def _stamp(value: str) -> tuple[datetime, str, bool] | None:
    if not value:
        return None
    found = loose_moment(value)
    if found is None:
        raise ArticleError(f"published_at {value[:80]!r} is not a time, such as 2025-01-27T19:33Z")
    return found[0], "stated", found[1]
