"""The publication as an asset: the last step, behind every blocking check.

Belongs here: when publication may happen and what Dagster shows of it. Does not belong here: how
it is done (`publish`).
"""

from dataclasses import replace

import dagster as dg

from orchestration.defs.evidence.files import EVIDENCE, evidence_files
from orchestration.defs.publishing.facts import code_revision, data_as_of
from orchestration.defs.publishing.fingerprint import record_build, recorded_build
from orchestration.defs.publishing.lock import WarehouseLock, lock_path
from orchestration.defs.publishing.publication import (
    CURRENT_DATABASE,
    Facts,
    Publication,
    PublicationError,
)
from orchestration.defs.publishing.publish import publish
from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import hold, release

MARTS = (
    "instruments",
    "events",
    "articles",
    "article_links",
    "trading_sessions",
    "daily_returns",
    "event_sessions",
    "event_estimations",
    "event_window_returns",
    "event_study_results",
    "event_group_tests",
    "specification_curve",
    "event_exclusions",
    "claim_verdicts",
    "extraction_scores",
    "verdict_changes",
    "triangulated_closes",
    "unexplained_moves",
    "explained_moves",
    "price_incidents",
    "price_restatements",
)


def publish_build(settings: Settings, run_id: str) -> Publication:
    """Publish the build that the warehouse holds; the caller holds the warehouse lock.

    Raises:
        PublicationError: the last build did not finish or did not pass its checks, or `publish`
            failed.
    """
    build = recorded_build(settings)
    if build is None:
        raise PublicationError(
            f"{settings.warehouse_path} holds no build that finished and passed its checks: "
            "run the whole job; readers keep the previous publication"
        )
    facts = Facts(
        inputs=build.inputs,
        run_id=run_id,
        code_revision=code_revision(),
        data_as_of=data_as_of(settings.warehouse_path),
    )
    publication = publish(
        settings.warehouse_path, settings.published_dir, MARTS, facts, (evidence_files,)
    )
    record_build(settings, replace(build, version=publication.version))
    return publication


@dg.asset(
    deps=MARTS,
    group_name="publishing",
    owners=["team:market-data"],
    kinds={"duckdb", "parquet"},
    description=(
        "The marts as readers see them: one immutable version, `published/current.duckdb`, "
        "`published/current/parquet/` and, for each article with a claim, its card and claim "
        "reviews in `published/current/evidence/`.\n\nA link is flipped to a new version after "
        "every blocking check has passed; unchanged content makes no new version. The last three "
        "are kept."
    ),
)
def published_marts(
    context: dg.AssetExecutionContext, warehouse_lock: WarehouseLock
) -> dg.MaterializeResult[None]:
    """Publish the marts and give the warehouse back."""
    settings = load_settings()
    lock = lock_path(settings)
    hold(lock, context.run.run_id, settings.lock_timeout_seconds, report=context.log.info)
    try:
        publication = publish_build(settings, context.run.run_id)
    finally:
        release(lock, context.run.run_id)
    context.log.info(
        f"published_marts: {publication.version} "
        + ("is current" if publication.is_new else "already holds this content")
    )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(publication.content_hash),
        metadata={
            "version": publication.version,
            "is_new_version": publication.is_new,
            "link": dg.MetadataValue.path(settings.published_dir / CURRENT_DATABASE),
            "folder": dg.MetadataValue.path(publication.folder),
            "evidence": dg.MetadataValue.path(publication.folder / EVIDENCE),
            "dagster/row_count": sum(table.rows for table in publication.tables.values()),
            "tables": dg.MetadataValue.table(
                [
                    dg.TableRecord({"table": name, "rows": table.rows, "checksum": table.checksum})
                    for name, table in publication.tables.items()
                ]
            ),
            "data as of": dg.MetadataValue.table(
                [
                    dg.TableRecord({"exchange": mic, "last session": day})
                    for mic, day in publication.facts.data_as_of.items()
                ]
            )
            if publication.facts.data_as_of
            else "no session",
            "code revision": publication.facts.code_revision,
        },
    )
