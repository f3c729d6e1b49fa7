"""The news digests that come with the project."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.folder import read_folder
from orchestration.settings import Settings


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield the digests in `recorded_dir/news`."""
    return read_folder(settings.recorded_dir / "news")
