"""What an article is, whoever offered it.

Belongs here: the fields, their limits and the hash. Does not belong here: where articles come
from (`sources`), how a file is read (`formats`) and what lands of an article (`landed`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

# Of one article's text, and of a file that is nothing but text.
MAXIMUM_BYTES = 1_000_000
# Of a page or a mail, most of which is not text.
MAXIMUM_WRAPPED_BYTES = 8_000_000


class ArticleError(ValueError):
    """A text is no usable article. The message gives the reason."""


@dataclass(frozen=True)
class Article:
    """One version of one article; texts are in normal form, `published_at` is in UTC.

    Titles and bodies come from outside: they are data and are never rendered as HTML.

    Attributes:
        article_id: a-z, 0-9 and hyphens; the same for every version.
        publisher: who published it.
        language: as stated, in two letters; None when nobody stated it.
        published_at: as stated; None when nobody stated it.
        url: http or https, as stated; None when there is none.
        title: one line, not empty.
        body: plain text; empty when only a headline is known.
        published_at_source: who stated `published_at`: `stated`, `feed`, `yahoo`, `meta`,
            `json_ld` or `header`.
        is_day_only: whether only the day of `published_at` was stated; it is midnight UTC then.
        derived_fields: the fields that were not stated but derived, such as `title`.
    """

    article_id: str
    publisher: str
    language: str | None
    published_at: datetime | None
    url: str | None
    title: str
    body: str
    published_at_source: str = "stated"
    is_day_only: bool = False
    derived_fields: tuple[str, ...] = ()

    @property
    def article_hash(self) -> str:
        """16 hex digits over all fields, so that a corrected date or address is new as well."""
        stamp = self.published_at and self.published_at.isoformat()
        normal = json.dumps(
            asdict(self) | {"published_at": stamp}, ensure_ascii=False, sort_keys=True
        )
        return _digest(normal)

    @property
    def text_hash(self) -> str:
        """16 hex digits over title and body alone, blanks aside: equal for an exact copy."""
        return _digest(" ".join(f"{self.title}\n{self.body}".split()))


@dataclass(frozen=True)
class Rejected:
    """Something a source offered that is no usable article: its name and the reason."""

    name: str
    reason: str


def stable_id(prefix: str, identity: str) -> str:
    """Return an article id from what identifies the article at its source, such as a guid."""
    return f"{prefix}-{_digest(identity)}"


def _digest(text: str) -> str:
    # a lone surrogate cannot be encoded, and a file name or JSON may hold one
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
