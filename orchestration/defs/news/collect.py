"""Gathering articles from every source, and landing the new ones.

Belongs here: which articles are new, which collide, and what is rejected. Does not belong
here: how one source or one file is read (`sources`, `folder`, `article`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import landing
from orchestration.defs.news import sources
from orchestration.defs.news.article import Article, Rejected
from orchestration.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

Source = Callable[[Settings], Iterable[Article | Rejected]]


@dataclass
class Collected:
    """What one collection found: new articles by source, a count of known ones, rejections."""

    new: dict[str, list[Article]] = field(default_factory=dict)
    known: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def new_articles(self) -> list[Article]:
        """The new articles of all sources."""
        return [article for articles in self.new.values() for article in articles]


def news_sources() -> dict[str, Source]:
    """Return each source's `articles` function by the name of its module, in name order."""
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__))
    return {name: importlib.import_module(f"{sources.__name__}.{name}").articles for name in names}


def collect(
    settings: Settings,
    by_name: Mapping[str, Source],
    landed: Mapping[str, str],
    now: datetime,
) -> Collected:
    """Sort what the sources offer into new, known and rejected.

    Args:
        settings: handed to each source.
        by_name: the sources in order of precedence.
        landed: hash of the latest landed version by article id. Comparing with the latest
            alone lets an article go back to an earlier wording and be landed again.
        now: an article from later than this is rejected.
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
            if item.published_at > now:
                reason = f"published_at {item.published_at.isoformat()} lies in the future"
                result.rejected.append(Rejected(label, reason))
            elif item.article_id in seen:
                first, first_digest = seen[item.article_id]
                if first_digest != digest:
                    reason = f"another version of it was read from {first} before; remove one"
                    result.rejected.append(Rejected(label, reason))
            else:
                seen[item.article_id] = (name, digest)
                if landed.get(item.article_id) == digest:
                    result.known += 1
                else:
                    result.new.setdefault(name, []).append(item)
    return result


def land_articles(
    settings: Settings,
    by_name: Mapping[str, Source],
    now: datetime,
    warn: Callable[[str], None],
) -> Collected:
    """Land the articles whose latest landed version differs, one batch per source.

    When nothing has ever landed, an empty batch gives later readers the columns.
    """
    folder = settings.landing_dir / "articles"
    for moved in landing.set_aside_damaged(folder, settings.quarantine_dir):
        warn(f"damaged landed file set aside, what is still offered lands again: {moved}")
    result = collect(settings, by_name, latest_hashes(folder), now)
    for name, articles in result.new.items():
        landing.land(folder, as_table(articles), provider=name, fetched_at=now)
    if not landing.batches(folder):
        landing.land(folder, as_table([]), provider="none", fetched_at=now)
    return result


def latest_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of the latest landed version by article id."""
    import pyarrow.parquet as pq

    latest: dict[str, str] = {}
    for batch in landing.batches(folder):
        with pq.ParquetFile(batch) as file:
            rows = file.read(columns=["article_id", "article_hash"]).to_pylist()
        latest.update((row["article_id"], row["article_hash"]) for row in rows)
    return latest


def as_table(articles: list[Article]) -> pa.Table:
    """Return articles with the landed columns, in the order given."""
    import pyarrow as pa

    schema = pa.schema(
        [
            ("article_id", pa.string()),
            ("publisher", pa.string()),
            ("language", pa.string()),
            ("published_at", pa.timestamp("us", "UTC")),
            ("url", pa.string()),
            ("title", pa.string()),
            ("body", pa.string()),
            ("article_hash", pa.string()),
        ]
    )
    rows = [{**vars(article), "article_hash": article.article_hash} for article in articles]
    return pa.Table.from_pylist(rows, schema)
