"""Articles that a person drops into the inbox."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.folder import read_folder
from orchestration.settings import Settings


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield the files in `inbox_dir`; nothing when nobody has made the folder."""
    return read_folder(settings.inbox_dir) if settings.inbox_dir.is_dir() else ()
