"""Articles that a person drops into the inbox."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from orchestration.defs.news import formats
from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.folder import Reader, read_folder
from orchestration.settings import Settings


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield the files in `inbox_dir`; nothing when nobody has made the folder."""
    return read_folder(settings.inbox_dir, readers()) if settings.inbox_dir.is_dir() else ()


def readers() -> dict[str, Reader]:
    """Return how to read a file by the end of its name, from the modules of `formats`."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    return {suffix: module.articles for module in modules for suffix in module.SUFFIXES}
