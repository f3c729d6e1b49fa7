"""Text and Markdown files, with or without a front matter."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.defs.news.article import Article
from orchestration.defs.news.derive import article_from
from orchestration.defs.news.front_matter import parse_article
from orchestration.defs.news.text import plain_text

SUFFIXES = (".md", ".txt")


def articles(data: bytes, name: str) -> Iterator[Article]:
    """Yield the file's article; its first line is the title when there is no front matter."""
    text = plain_text(data)
    if text.startswith("---\n"):
        yield parse_article(data)
    else:
        # a heading's signs are Markdown's, not the title's
        yield article_from(name, title="", body=text.lstrip().lstrip("#").lstrip())
