"""An article under a front matter that states everything about it.

Belongs here: the block between the two lines of hyphens. Does not belong here: files without
one (`formats`).

The form is Markdown or plain text under a front matter:

    ---
    article_id: trends-2025-01-28
    publisher: Trends (Knack)
    language: nl
    published_at: 2025-01-28T00:00:00Z
    url: https://trends.knack.be/nieuws/...      (may be left out)
    title: A title: everything after the first colon is the value
    ---
    The text.

It is not YAML: a line is a key, a colon and a value that is taken as it stands, so a title
needs no quoting. One pair of double quotes around a value is dropped.
"""

from __future__ import annotations

import re

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import Article, ArticleError
from orchestration.defs.news.stamps import moment
from orchestration.defs.news.text import plain_text

_REQUIRED = ("article_id", "publisher", "language", "published_at", "title")
_KEYS = (*_REQUIRED, "url")


def parse_article(data: bytes) -> Article:
    """Read an article with a front matter.

    Raises:
        ArticleError: too large, not text, no front matter, or a field missing or malformed.
    """
    head, body = _split(plain_text(data))
    fields = _fields(head)
    if missing := [key for key in _REQUIRED if not fields.get(key)]:
        raise ArticleError(f"the front matter has no {', '.join(missing)}")
    return Article(
        article_id=_matching(fields, "article_id", r"[a-z0-9][a-z0-9-]{0,79}", "a-z, 0-9, -"),
        publisher=fields["publisher"],
        language=_matching(fields, "language", r"[a-z]{2}", "two letters, such as en"),
        published_at=moment(fields["published_at"]),
        url=web_address(fields["url"]) if fields.get("url") else None,
        title=fields["title"],
        body=body,
    )


def _split(text: str) -> tuple[list[str], str]:
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise ArticleError("no front matter: it must begin with a block between two --- lines")
    end = lines.index("---", 1)
    body = "\n".join(lines[end + 1 :]).strip("\n")
    if not body.strip():
        raise ArticleError("no text after the front matter")
    return lines[1:end], body


def _fields(head: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in filter(None, head):
        key, colon, value = line.partition(":")
        if not colon or key not in _KEYS:
            raise ArticleError(f"front matter line {line[:60]!r}: keys are {', '.join(_KEYS)}")
        if key in fields:
            raise ArticleError(f"the front matter has {key} twice")
        value = value.strip()
        is_quoted = len(value) >= 2 and value[0] == value[-1] == '"'
        fields[key] = value[1:-1].strip() if is_quoted else value
    return fields


def _matching(fields: dict[str, str], key: str, pattern: str, expected: str) -> str:
    if not re.fullmatch(pattern, fields[key]):
        raise ArticleError(f"{key} {fields[key][:80]!r} is not of the form {expected}")
    return fields[key]
