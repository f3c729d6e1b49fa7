"""An article from a file that does not state everything about itself.

Belongs here: what stands in for a field that is missing, and naming it. Does not belong here:
finding what a file does state (`formats`).
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from orchestration.defs.news.article import MAXIMUM_BYTES, Article, ArticleError, stable_id
from orchestration.defs.news.text import one_line

PREFIX = "inbox"
UNKNOWN = "unknown"


def article_from(
    identity: str,
    *,
    title: str,
    body: str,
    publisher: str = "",
    language: str | None = None,
    stamp: tuple[datetime, str, bool] | None = None,
    url: str | None = None,
    stated: frozenset[str] = frozenset(),
    article_id: str | None = None,
) -> Article:
    """Return an article, with the missing fields derived and named in `derived_fields`.

    Language and time may stay unknown here: the language is detected and the first sight stands
    in for the time when the article lands.

    Args:
        identity: what tells the article from others, such as the file's name.
        title: as found; the first line of the text stands in for it.
        body: plain text in normal form.
        publisher: as found; the host of the address stands in for it, else `unknown`.
        language: two letters, as found.
        stamp: when it was published, who says so, and whether that is a day only.
        url: a web address, as found.
        stated: the fields that were stated as such, and are no finds in a page or a mail.
        article_id: as stated.

    Raises:
        ArticleError: there is no text, or more of it than an article has.
    """
    body = body.strip()
    if not title:
        first, _, rest = body.partition("\n")
        title = one_line(first)
        # a first line that is cut for the title stays whole in the text
        body = rest.strip() if not title.endswith("…") else body
    if not title:
        raise ArticleError("it holds no text")
    if len(body) > MAXIMUM_BYTES:
        raise ArticleError(f"more than {MAXIMUM_BYTES:,} characters of text")
    if body.partition("\n")[0].strip() == title:
        body = body.partition("\n")[2].strip()
    found = {"language": language, "published_at": stamp, "url": url}
    derived = {"article_id", "publisher", "title", *(name for name in found if found[name])}
    when, source, is_day_only = stamp or (None, "stated", False)
    return Article(
        article_id=article_id or stable_id(PREFIX, identity),
        publisher=publisher or (urlsplit(url).hostname if url else None) or UNKNOWN,
        language=language,
        published_at=when,
        url=url,
        title=title,
        body=body,
        published_at_source=source,
        is_day_only=is_day_only,
        derived_fields=tuple(sorted(derived - stated)),
    )
