"""The news digests that come with the project."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.folder import read_folder
from orchestration.defs.news.front_matter import parse_article
from orchestration.settings import Settings


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield the digests in `recorded_dir/news`; each must state everything about itself."""
    readers = dict.fromkeys((".md", ".txt"), _digest)
    return read_folder(settings.recorded_dir / "news", readers)


def _digest(data: bytes, _: str) -> Iterable[Article]:
    yield parse_article(data)
