"""One item of `yfinance.Ticker.news`, in either of the two forms that Yahoo has served.

Belongs here: which key holds what. Does not belong here: asking Yahoo (`sources.yahoo_news`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import Article, ArticleError, stable_id
from orchestration.defs.news.markup import text_of
from orchestration.defs.news.page_metadata import two_letters
from orchestration.defs.news.stamps import loose_moment
from orchestration.defs.news.text import one_line

_UNKNOWN = "unknown"


def article_of(item: object) -> Article:
    """Return the article of an item.

    The flat form has `uuid`, `title`, `publisher`, `link` and `providerPublishTime` in seconds;
    the nested one has `content` with `title`, `summary`, `pubDate`, `provider` and addresses.

    Raises:
        ArticleError: it is of neither form, or a field is missing or malformed.
    """
    if not isinstance(item, Mapping):
        raise ArticleError("an item that is no object")
    content = item.get("content")
    if isinstance(content, Mapping):
        return _nested(item, content)
    if "title" in item:
        return _flat(item)
    raise ArticleError("an item of no known form: neither `content` nor `title`")


def _nested(item: Mapping[str, Any], content: Mapping[str, Any]) -> Article:
    addresses = [_inner(content, name) for name in ("canonicalUrl", "clickThroughUrl")]
    url = next((str(each["url"]) for each in addresses if each.get("url")), "")
    stamp = content.get("pubDate")
    found = loose_moment(stamp) if isinstance(stamp, str) else None
    if stamp and found is None:
        raise ArticleError(f"pubDate {str(stamp)[:40]!r} is no time")
    return _article(
        identity=content.get("id") or item.get("id") or url,
        title=content.get("title"),
        body=content.get("summary") or content.get("description") or "",
        publisher=_inner(content, "provider").get("displayName"),
        language=next((str(each["lang"]) for each in addresses if each.get("lang")), ""),
        published_at=found[0] if found else None,
        url=url,
    )


def _flat(item: Mapping[str, Any]) -> Article:
    seconds = item.get("providerPublishTime")
    try:
        published_at = datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise ArticleError(f"providerPublishTime {str(seconds)[:40]!r} is no time") from error
    return _article(
        identity=item.get("uuid") or item.get("link"),
        title=item.get("title"),
        body=item.get("summary") or "",
        publisher=item.get("publisher"),
        language="",
        published_at=published_at,
        url=str(item.get("link") or ""),
    )


def _article(
    *,
    identity: object,
    title: object,
    body: object,
    publisher: object,
    language: str,
    published_at: datetime | None,
    url: str,
) -> Article:
    if not identity:
        raise ArticleError("neither an id nor an address")
    for name, value in (("title", title), ("summary", body)):
        if not isinstance(value, str):
            raise ArticleError(f"the {name} is no text")
    line = one_line(str(title))
    if not line:
        raise ArticleError("the title is empty")
    name = one_line(publisher) if isinstance(publisher, str) else ""
    return Article(
        article_id=stable_id("yahoo", str(identity)),
        publisher=name or _UNKNOWN,
        language=two_letters(language),
        published_at=published_at,
        url=web_address(url) if url else None,
        title=line,
        body=text_of(str(body)),
        published_at_source="yahoo",
        derived_fields=("article_id",) if name else ("article_id", "publisher"),
    )


def _inner(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = content.get(name)
    return inner if isinstance(inner, Mapping) else {}
