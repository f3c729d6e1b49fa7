"""What an article is, and how one is read from a file's bytes.

Belongs here: the front matter, the normal form of a text and its hash. Does not belong here:
where files come from (`sources`), and what an article claims (a later reader's work).

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

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

MAXIMUM_BYTES = 1_000_000
_REQUIRED = ("article_id", "publisher", "language", "published_at", "title")
_KEYS = (*_REQUIRED, "url")
_PUBLISHED_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


class ArticleError(ValueError):
    """A text is no usable article. The message gives the reason."""


@dataclass(frozen=True)
class Article:
    """One version of one article; texts are in normal form, `published_at` is in UTC.

    Titles and bodies come from outside: they are data and are never rendered as HTML.
    """

    article_id: str
    publisher: str
    language: str
    published_at: datetime
    url: str | None
    title: str
    body: str

    @property
    def article_hash(self) -> str:
        """16 hex digits over all fields, so that a corrected date or address is new as well."""
        fields = asdict(self) | {"published_at": self.published_at.isoformat()}
        normal = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(normal.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Rejected:
    """Something a source offered that is no usable article: its name and the reason."""

    name: str
    reason: str


def parse_article(data: bytes) -> Article:
    """Read an article.

    Raises:
        ArticleError: too large, not text, no front matter, or a field missing or malformed.
    """
    head, body = _split(_text(data))
    fields = _fields(head)
    if missing := [key for key in _REQUIRED if not fields.get(key)]:
        raise ArticleError(f"the front matter has no {', '.join(missing)}")
    return Article(
        article_id=_matching(fields, "article_id", r"[a-z0-9][a-z0-9-]{0,79}", "a-z, 0-9, -"),
        publisher=fields["publisher"],
        language=_matching(fields, "language", r"[a-z]{2}", "two letters, such as en"),
        published_at=_moment(fields["published_at"]),
        url=_web_address(fields["url"]) if fields.get("url") else None,
        title=fields["title"],
        body=body,
    )


def _text(data: bytes) -> str:
    """Return bytes as composed Unicode with plain line ends and no blanks at line ends."""
    if len(data) > MAXIMUM_BYTES:
        raise ArticleError(f"larger than {MAXIMUM_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(f"not UTF-8 (byte 0x{data[error.start]:02x})") from error
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
        raise ArticleError("binary: it holds control characters")
    return "\n".join(line.rstrip() for line in text.split("\n"))


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


def _moment(value: str) -> datetime:
    expected = "a timestamp with zone, such as 2025-01-27T19:33:00Z"
    if not _PUBLISHED_AT.fullmatch(value):
        raise ArticleError(f"published_at {value[:80]!r} is not {expected}")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArticleError(f"published_at {value!r} is not {expected} ({error})") from error


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ArticleError(f"url {value[:80]!r} is not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ArticleError(f"url {value[:80]!r} is not an http or https address")
    return value
