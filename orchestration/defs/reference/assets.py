"""The landed reference tables: one snapshot of a CSV per change of its content.

Belongs here: validating what a person edited and landing it. Does not belong here: joining
or interpreting the tables (dbt).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from orchestration import landing
from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError, read_reference
from orchestration.settings import Settings, load_settings

PROVIDER = "reference"


@dataclass(frozen=True)
class Snapshot:
    """One reference table as of this run."""

    table: str
    rows: int
    content_hash: str
    is_new: bool


def land_reference(
    settings: Settings, tables: Collection[str], now: datetime, warn: Callable[[str], None]
) -> list[Snapshot]:
    """Check the given tables, then land those that differ from their latest snapshot.

    Nothing lands unless all are good, because they refer to each other.

    Raises:
        ReferenceDataError: with every problem of every table.
    """
    contents = {}
    problems = []
    for name in tables:
        try:
            contents[name] = read_reference(settings.reference_dir / f"{name}.csv")
        except ReferenceDataError as error:
            problems += error.problems
    if problems:
        raise ReferenceDataError(problems)
    snapshots = []
    for name, content in contents.items():
        folder = settings.landing_dir / name
        for moved in landing.set_aside_damaged(folder, settings.quarantine_dir):
            warn(f"damaged landed file set aside, the table lands again: {moved}")
        landed = landing.batches(folder)
        digest = landing.content_hash(content)
        is_new = not landed or landing.hash_of(landed[-1]) != digest
        if is_new:
            landing.land(folder, content, provider=PROVIDER, fetched_at=now)
        snapshots.append(Snapshot(name, content.num_rows, digest, is_new))
    return snapshots


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["landing", name],
            description=f"{table.description} From `data/reference/{name}.csv`.",
            group_name="reference",
            owners=["team:market-data"],
            kinds={"csv", "parquet"},
        )
        for name, table in TABLES.items()
    ],
    can_subset=True,
)
def reference_tables(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Land each reference table whose content has changed."""
    selected = [key.path[-1] for key in sorted(context.selected_asset_keys)]
    try:
        snapshots = land_reference(
            load_settings(), selected, datetime.now(UTC), context.log.warning
        )
    except ReferenceDataError as error:
        raise dg.Failure(f"data/reference cannot be used:\n{error}", allow_retries=False) from error
    changed = [snapshot.table for snapshot in snapshots if snapshot.is_new]
    context.log.info(
        f"reference: {len(snapshots)} tables good, {len(changed)} changed"
        + (f" ({', '.join(changed)})" if changed else "")
    )
    for snapshot in snapshots:
        yield dg.MaterializeResult(
            asset_key=["landing", snapshot.table],
            metadata={"dagster/row_count": snapshot.rows, "is_new_snapshot": snapshot.is_new},
            data_version=dg.DataVersion(snapshot.content_hash),
        )
