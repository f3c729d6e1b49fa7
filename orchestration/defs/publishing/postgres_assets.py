"""The second target as an asset, where a deployment has one.

Belongs here: whether there is one, and what Dagster shows of it. Does not belong here: how it is
filled (`orchestration.postgres`).
"""

import dagster as dg

from orchestration.defs.publishing.assets import published_marts
from orchestration.defs.publishing.fingerprint import note_served
from orchestration.defs.publishing.publication import PublicationError, current
from orchestration.settings import load_settings


@dg.asset(
    deps=[published_marts],
    group_name="publishing",
    owners=["team:market-data"],
    kinds={"postgres"},
    description=(
        "The current publication in schema `aftershock` of the PostgreSQL database that "
        "`AFTERSHOCK_POSTGRES_URL` names.\n\nIt is loaded beside the one that readers see and "
        "swapped in within one transaction; the roles that could read keep that right."
    ),
)
def postgres_marts(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Load the current publication unless the server holds it already."""
    from orchestration.postgres import publish_to_postgres

    settings = load_settings()
    publication = current(settings.published_dir)
    if publication is None or settings.postgres_url is None:
        raise PublicationError("nothing is published yet: run the whole job")
    is_new = publish_to_postgres(publication, settings.postgres_url, settings.lock_timeout_seconds)
    note_served(settings, publication)
    context.log.info(
        f"postgres_marts: {publication.version} " + ("loaded" if is_new else "is there already")
    )
    return dg.MaterializeResult(
        data_version=dg.DataVersion(publication.content_hash),
        metadata={"version": publication.version, "is_new_version": is_new},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the asset if a second target is set; nobody needs one that cannot run."""
    return dg.Definitions(assets=[postgres_marts] if load_settings().postgres_url else [])
