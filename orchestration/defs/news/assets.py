"""The landed articles and the check that every offered article could be read.

Belongs here: how the collection shows in Dagster. Does not belong here: the collection itself
(`collect`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.news.collect import land_articles, news_sources
from orchestration.settings import load_settings

ARTICLES = dg.AssetKey(["landing", "articles"])


@dg.asset(
    key=ARTICLES,
    # which feeds and which stocks there may be news from
    deps=[dg.AssetKey(["landing", "news_feeds"]), dg.AssetKey(["landing", "instruments"])],
    group_name="news",
    owners=["team:market-data"],
    kinds={"python", "parquet"},
    check_specs=[
        dg.AssetCheckSpec(
            "every_article_readable",
            asset=ARTICLES,
            description="Nothing that a news source offered was rejected.",
        )
    ],
)
def articles(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[None]]:
    """Articles as published, every version once, from all news sources.

    A source is a module in `orchestration/defs/news/sources/`. What cannot be read is rejected
    by name with a reason and loses no other article. A stamp that cannot be true or that the
    text contradicts is noted beside it.
    """
    found = land_articles(load_settings(), news_sources(), datetime.now(UTC), context.log.warning)
    new, rejected = found.new_articles, found.rejected
    context.log.info(f"articles: {len(new)} new, {found.known} known, {len(rejected)} rejected")
    for item in rejected:
        context.log.warning(f"articles: {item.name} was rejected: {item.reason}")
    # Titles and file names come from outside, so they go into tables, which render no markup.
    listed = dg.MetadataValue.table(
        records=[
            dg.TableRecord({"article_id": item.article_id, "title": item.title}) for item in new
        ],
        schema=dg.TableSchema([dg.TableColumn("article_id"), dg.TableColumn("title")]),
    )
    refused = dg.MetadataValue.table(
        records=[dg.TableRecord({"name": item.name, "reason": item.reason}) for item in rejected],
        schema=dg.TableSchema([dg.TableColumn("name"), dg.TableColumn("reason")]),
    )
    yield dg.MaterializeResult(
        metadata={
            "new": len(new),
            "known": found.known,
            "rejected": len(rejected),
            "new_articles": listed,
            "rejections": refused,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="every_article_readable",
                passed=not rejected,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"rejected": len(rejected), "rejections": refused},
            )
        ],
    )
