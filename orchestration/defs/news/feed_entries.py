"""From the bytes of an RSS or Atom feed to articles, by feedparser.

Belongs here: what each entry says and what is taken of it. Does not belong here: asking for the
feed (`fetch`) and judging the bytes before they are parsed (`feed_xml`).
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import (
    MAXIMUM_BYTES,
    Article,
    ArticleError,
    Rejected,
    stable_id,
)
from orchestration.defs.news.feed_xml import look_over, newest
from orchestration.defs.news.markup import text_of
from orchestration.defs.news.text import one_line, tidy

MOST_ENTRIES = 1_000


@dataclass(frozen=True)
class Feed:
    """One row of `news_feeds`."""

    feed_id: str
    url: str
    publisher: str
    language: str


def entries(
    feed: Feed, data: bytes, content_type: str, final_url: str, most: int = MOST_ENTRIES
) -> Iterator[Article | Rejected]:
    """Yield the articles of a feed, newest first, and a rejection for what cannot be used.

    Args:
        feed: whose answer it is.
        data: the answer.
        content_type: its header, which may name an encoding.
        final_url: where it came from; relative links are relative to it.
        most: how many entries are read; of more, the newest are.
    """
    try:
        spans = look_over(data)
        parsed = _parse(newest(data, spans, most), content_type, final_url)
    except ArticleError as error:
        yield Rejected(feed.feed_id, str(error))
        return
    found = parsed["entries"]
    if not found and not parsed.get("version"):
        start = data[:60].decode("ascii", "replace")
        yield Rejected(feed.feed_id, f"no feed: it begins {start!r}")
        return
    if "CharacterEncoding" in type(parsed.get("bozo_exception")).__name__:
        problem = one_line(str(parsed["bozo_exception"]))
        yield Rejected(feed.feed_id, f"read all the same, but in a wrong encoding: {problem}")
    count = max(len(spans), len(found))
    if count > most:
        reason = f"{count:,} entries, of which the {most:,} newest were read"
        yield Rejected(feed.feed_id, reason)
    dated = [(_published(entry), number, entry) for number, entry in enumerate(found)]
    # those without a time last, otherwise as the feed has them
    dated.sort(key=lambda each: (each[0] is None, -(each[0] or _EPOCH).timestamp(), each[1]))
    for published, number, entry in dated[:most]:
        try:
            yield _article(feed, entry, published)
        except ArticleError as error:
            yield Rejected(f"{feed.feed_id}, entry {number + 1}", str(error))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _parse(data: bytes, content_type: str, final_url: str) -> Mapping[str, Any]:
    import feedparser

    headers = {"content-type": content_type, "content-location": final_url}
    try:
        parsed = feedparser.parse(
            # as a file: a text would be taken for an address or a path
            io.BytesIO(data),
            response_headers={name: value for name, value in headers.items() if value},
            # markup becomes text here, and nothing in it is fetched or shown
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RecursionError,
    ) as error:
        raise ArticleError(f"feedparser cannot read it: {type(error).__name__}") from error
    found: Mapping[str, Any] = parsed
    return found


def _article(feed: Feed, entry: Mapping[str, Any], published: datetime | None) -> Article:
    url = _address(str(entry.get("link") or ""))
    title = _title(entry)
    body = _body(entry)
    if not title:
        # some feeds carry notes without a heading
        title, _, body = body.partition("\n")
        title = one_line(title)
    if not title:
        raise ArticleError("neither a title nor a text")
    if len(body) > MAXIMUM_BYTES:
        raise ArticleError(f"more than {MAXIMUM_BYTES:,} characters of text")
    return Article(
        article_id=stable_id(feed.feed_id, str(entry.get("id") or url or f"{title} {published}")),
        publisher=feed.publisher,
        language=feed.language,
        published_at=published,
        url=url,
        title=title,
        body=body,
        published_at_source="feed",
        is_day_only=published is not None and ":" not in str(entry.get("published") or ":"),
        derived_fields=("article_id",),
    )


def _title(entry: Mapping[str, Any]) -> str:
    title = str(entry.get("title") or "")
    if (entry.get("title_detail") or {}).get("type") == "text/plain":
        return one_line(title)
    # a title of nothing but tags is shown as it stands rather than lost
    return one_line(text_of(title)) or one_line(title)


def _body(entry: Mapping[str, Any]) -> str:
    parts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    for part in parts:
        value = str(part.get("value") or "")
        is_plain = part.get("type") == "text/plain" and not re.search(r"</?\w", value)
        if text := tidy(value).strip() if is_plain else text_of(value):
            return text
    return ""


def _published(entry: dict[str, Any]) -> datetime | None:
    # asked past feedparser's own `get`, which gives one for the other and warns of it
    stamps = (dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created"))
    stamp = next(filter(None, stamps), None)
    try:
        return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
    except (ValueError, OverflowError, OSError):
        return None


def _address(link: str) -> str | None:
    try:
        return web_address(link)
    except ArticleError:
        # `javascript:` and the like; the article stays, without an address
        return None
