"""Gathering articles from every source, and landing the new ones.

Belongs here: which articles are new, which collide, and what is rejected. Does not belong
here: how one source or one file is read (`sources`, `formats`) and the columns (`landed`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration import landing
from orchestration.defs.news import sources
from orchestration.defs.news.article import Article, ArticleError, Rejected
from orchestration.defs.news.landed import Version, as_table, schema, version_of
from orchestration.settings import Settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Source = Callable[[Settings], Iterable[Article | Rejected]]


@dataclass(frozen=True)
class Known:
    """What has landed of an article: the hash of its latest version, and its first sight."""

    article_hash: str
    first_seen_at: datetime


@dataclass
class Collected:
    """What one collection found: new versions by source, a count of known ones, rejections."""

    new: dict[str, list[Version]] = field(default_factory=dict)
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def new_articles(self) -> list[Version]:
        """The new versions of all sources."""
        return [version for versions in self.new.values() for version in versions]


def news_sources() -> dict[str, Source]:
    """Return each source's `articles` function by the name of its module, in name order."""
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__))
    return {name: importlib.import_module(f"{sources.__name__}.{name}").articles for name in names}


def collect(
    settings: Settings,
    by_name: Mapping[str, Source],
    landed: Mapping[str, Known],
    now: datetime,
) -> Collected:
    """Sort what the sources offer into new, known and rejected.

    Args:
        settings: handed to each source.
        by_name: the sources in order of precedence.
        landed: what has landed, by article id. Comparing with the latest version alone lets an
            article go back to an earlier wording and be landed again.
        now: when everything is seen.
    """
    result = Collected()
    seen: dict[str, tuple[str, str]] = {}
    for name, source in by_name.items():
        try:
            offered = list(source(settings))
        except OSError as error:
            result.rejected.append(Rejected(name, f"the source cannot be read: {error}"))
            continue
        for item in offered:
            if isinstance(item, Rejected):
                result.rejected.append(Rejected(f"{name}: {item.name}", item.reason))
                continue
            label, digest = f"{name}: {item.article_id}", item.article_hash
            if item.article_id in seen:
                first, first_digest = seen[item.article_id]
                if first_digest != digest:
                    reason = f"another version of it was read from {first} before; remove one"
                    result.rejected.append(Rejected(label, reason))
                continue
            seen[item.article_id] = (name, digest)
            before = landed.get(item.article_id)
            if before is not None and before.article_hash == digest:
                result.known += 1
                continue
            try:
                version = version_of(item, now, before.first_seen_at if before else now)
            except ArticleError as error:
                result.rejected.append(Rejected(label, str(error)))
            else:
                result.new.setdefault(name, []).append(version)
    return result


def land_articles(
    settings: Settings,
    by_name: Mapping[str, Source],
    now: datetime,
    warn: Callable[[str], None],
) -> Collected:
    """Land the articles whose latest landed version differs, one batch per source.

    When no batch has the columns of today, an empty one gives them to later readers.
    """
    folder = settings.landing_dir / "articles"
    for moved in landing.set_aside_damaged(folder, settings.quarantine_dir):
        warn(f"damaged landed file set aside, what is still offered lands again: {moved}")
    result = collect(settings, by_name, known_articles(folder), now)
    for name, versions in result.new.items():
        landing.land(folder, as_table(versions), provider=name, fetched_at=now)
    if not _has_columns(folder):
        landing.land(folder, as_table([]), provider="none", fetched_at=now)
    return result


def known_articles(folder: Path) -> dict[str, Known]:
    """Return what has landed, by article id."""
    import pyarrow.parquet as pq

    known: dict[str, Known] = {}
    for batch in landing.batches(folder):
        with pq.ParquetFile(batch) as file:
            rows = file.read(columns=["article_id", "article_hash", "fetched_at"])
        # as numbers: as timestamps they would bring in pandas
        stamps = rows["fetched_at"].cast("int64").to_pylist()
        versions = zip(
            rows["article_id"].to_pylist(), rows["article_hash"].to_pylist(), stamps, strict=True
        )
        for article_id, digest, microseconds in versions:
            before = known.get(article_id)
            first = _EPOCH + timedelta(microseconds=microseconds)
            known[article_id] = Known(digest, before.first_seen_at if before else first)
    return known


def _has_columns(folder: Path) -> bool:
    import pyarrow.parquet as pq

    wanted = set(schema().names)
    newest_first = reversed(landing.batches(folder))
    return any(wanted <= set(pq.read_schema(batch).names) for batch in newest_first)
