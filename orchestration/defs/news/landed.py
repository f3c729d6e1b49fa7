"""What lands of an article: its fields as stated, and what is found out about them.

Belongs here: the landed columns and how a version gets them. Does not belong here: which
versions land (`collect`) and anything that compares articles with each other (dbt).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.defs.news.addresses import canonical, date_in
from orchestration.defs.news.article import Article, ArticleError
from orchestration.defs.news.datelines import dateline
from orchestration.defs.news.fingerprint import fingerprint
from orchestration.defs.news.languages import detect
from orchestration.defs.news.stamps import judge

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Version:
    """One landed version of an article; each field is a column of `landing/articles`.

    Attributes:
        article_id: the article.
        publisher: who published it.
        language: as stated, else as detected.
        stated_language: two letters; None when nobody stated it.
        detected_language: None when there is too little text to tell.
        published_at: when it counts as published, UTC.
        published_at_source: who says so.
        published_at_note: what speaks against it; None when nothing does.
        url: http or https; None when there is none.
        canonical_url: the form of `url` that all ways to the page share; None without `url`.
        title: one line of plain text from outside.
        body: plain text from outside; empty when only a headline is known.
        derived_fields: names of the fields that nobody stated, divided by blanks.
        text_hash: 16 hex digits, equal for articles with the same words.
        fingerprint: 60 numbers (`fingerprint`); None for a text of fewer than three words.
        article_hash: 16 hex digits over all stated fields.
    """

    article_id: str
    publisher: str
    language: str
    stated_language: str | None
    detected_language: str | None
    published_at: datetime
    published_at_source: str
    published_at_note: str | None
    url: str | None
    canonical_url: str | None
    title: str
    body: str
    derived_fields: str
    text_hash: str
    fingerprint: list[int] | None
    article_hash: str


def version_of(article: Article, now: datetime, first_seen_at: datetime) -> Version:
    """Return what lands of an article.

    Args:
        article: as a source offered it.
        now: when this version is seen.
        first_seen_at: when any version of it was seen first.

    Raises:
        ArticleError: its language is neither stated nor to be told from the text.
    """
    text = f"{article.title}\n{article.body}"
    detected = detect(text)
    language = article.language or detected
    if language is None:
        raise ArticleError("too little text to tell its language by; state it")
    stamp = judge(
        (article.published_at, article.published_at_source, article.is_day_only)
        if article.published_at
        else None,
        in_address=date_in(article.url) if article.url else None,
        dateline=dateline(article.body),
        now=now,
        first_seen_at=first_seen_at,
    )
    return Version(
        article_id=article.article_id,
        publisher=article.publisher,
        language=language,
        stated_language=article.language,
        detected_language=detected,
        published_at=stamp.published_at,
        published_at_source=stamp.source,
        published_at_note=stamp.note,
        url=article.url,
        canonical_url=canonical(article.url) if article.url else None,
        title=article.title,
        body=article.body,
        derived_fields=" ".join(article.derived_fields),
        text_hash=article.text_hash,
        fingerprint=fingerprint(text),
        article_hash=article.article_hash,
    )


def schema() -> pa.Schema:
    """Return the landed columns; those after `article_hash` are missing in older batches."""
    import pyarrow as pa

    return pa.schema(
        [
            ("article_id", pa.string()),
            ("publisher", pa.string()),
            ("language", pa.string()),
            ("published_at", pa.timestamp("us", "UTC")),
            ("url", pa.string()),
            ("title", pa.string()),
            ("body", pa.string()),
            ("article_hash", pa.string()),
            ("stated_language", pa.string()),
            ("detected_language", pa.string()),
            ("published_at_source", pa.string()),
            ("published_at_note", pa.string()),
            ("canonical_url", pa.string()),
            ("derived_fields", pa.string()),
            ("text_hash", pa.string()),
            ("fingerprint", pa.list_(pa.uint32())),
        ]
    )


def as_table(versions: list[Version]) -> pa.Table:
    """Return versions with the landed columns, in the order given."""
    import pyarrow as pa

    return pa.Table.from_pylist([vars(version) for version in versions], schema())
