"""The verdicts' history as an asset, upstream of the warehouse that compares with it.

Belongs here: how it shows in Dagster. Does not belong here: what is landed (`history`).
"""

from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.publishing.history import SOURCE, land_published_verdicts
from orchestration.settings import load_settings


@dg.asset(
    key=dg.AssetKey(["landing", SOURCE]),
    # upstream of the warehouse: in group publishing the groups would form a circle
    group_name="claims",
    owners=["team:market-data"],
    kinds={"python", "parquet"},
)
def published_verdicts(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """What readers were told of each claim: the verdicts of each publication that changed.

    The run after a publication lands it. It does not enter the fingerprint of the inputs: the marts
    are the same before and after their own verdicts are landed.
    """
    landed = land_published_verdicts(load_settings(), datetime.now(UTC), context.log.warning)
    total = sum(landed.values())
    context.log.info(f"published_verdicts: {total} new or changed in {len(landed)} publications")
    return dg.MaterializeResult(
        metadata={
            "new or changed": total,
            "publications": dg.MetadataValue.table(
                [
                    dg.TableRecord({"version": version, "verdicts": count})
                    for version, count in landed.items()
                ]
            )
            if landed
            else "none",
        }
    )
