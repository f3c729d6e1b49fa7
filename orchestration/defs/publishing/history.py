"""What readers have been told: the verdicts of each publication, landed where they changed.

Belongs here: which publications are not landed yet and what of them is new. Does not belong here:
what a change means (dbt, `verdict_changes`) and how a publication is made (`publish`).

A publication is landed by the run after it, from the version's own folder, so that no run can die
between the two: what it leaves undone the next one finds. The batch is stamped with the moment of
the publication, so the same publications give the same history whenever they are landed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import landing
from orchestration.defs.publishing.publication import CURRENT, PARQUET
from orchestration.defs.publishing.versions import VERSIONS, whole
from orchestration.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

SOURCE = "published_verdicts"
PROVIDER = "publication"
_MART = "claim_verdicts.parquet"
_STAMP = "%Y%m%dT%H%M%S%fZ"

Row = dict[str, Any]


def land_published_verdicts(
    settings: Settings, now: datetime, warn: Callable[[str], None]
) -> dict[str, int]:
    """Land the verdicts of each kept publication that differ from those landed before it.

    Args:
        settings: where the publications are, and landing.
        now: stamp of the empty batch that gives readers the columns when nothing was published.
        warn: told of each damaged file that was set aside.

    Returns:
        How many verdicts were landed, by publication; one without a difference is left out.
    """
    folder = settings.landing_dir / SOURCE
    for moved in landing.set_aside_damaged(folder, settings.quarantine_dir):
        warn(f"damaged landed file set aside, that part of the verdicts' history is lost: {moved}")
    told = _told(folder)
    landed = {}
    for version, moment in _unlanded(settings.published_dir, folder):
        rows = _rows(settings.published_dir / VERSIONS / version / PARQUET / _MART)
        new = [row for row in rows if told.get(row["claim_id"]) != row]
        if new:
            table = as_table([{**row, "version": version} for row in new])
            landing.land(folder, table, provider=PROVIDER, fetched_at=moment)
            told.update((row["claim_id"], row) for row in new)
            landed[version] = len(new)
    if not landing.batches(folder):
        landing.land(folder, as_table([]), provider=PROVIDER, fetched_at=now)
    return landed


def schema() -> pa.Schema:
    """Return the landed columns: those of `claim_verdicts` that make a verdict, and the version."""
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    return pa.schema(
        [
            ("version", text),
            ("claim_id", text),
            ("symbol", text),
            ("session_date", pa.date32()),
            ("stated_text", text),
            ("verdict", text),
            ("basis", text),
            ("derived_value", number),
            ("close", number),
            ("previous_close", number),
            ("price_snapshot", text),
            ("prices_fetched_at", pa.timestamp("us", "UTC")),
        ]
    )


def as_table(rows: list[Row]) -> pa.Table:
    """Return rows with the landed columns, in the order given."""
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema())


def _unlanded(published: Path, folder: Path) -> Iterator[tuple[str, datetime]]:
    """Yield the kept versions that readers saw after the newest landed one, oldest first."""
    if not (published / CURRENT).exists():
        return
    current = (published / CURRENT).resolve().name
    newest = max((_moment(batch.name) for batch in landing.batches(folder)), default=None)
    for version in whole(published):
        # a version past the link was never seen; what has no mart is being removed
        if version > current or not (published / VERSIONS / version / PARQUET / _MART).exists():
            continue
        moment = _moment(version)
        if newest is None or moment > newest:
            yield version, moment


def _told(folder: Path) -> dict[str, Row]:
    """Return the verdict on each claim as it was landed last."""
    told: dict[str, Row] = {}
    for batch in landing.batches(folder):
        told.update((row["claim_id"], row) for row in _rows(batch))
    return told


def _rows(file: Path) -> list[Row]:
    """Return the columns that make a verdict; one that an older file lacks is null."""
    import pyarrow.parquet as pq

    wanted = [field for field in schema() if field.name != "version"]
    with pq.ParquetFile(file) as parquet:
        held = set(parquet.schema_arrow.names)
        table = parquet.read(columns=[field.name for field in wanted if field.name in held])
    rows = table.to_pylist()
    return [
        {field.name: _plain(row.get(field.name)) for field in wanted}
        for row in sorted(rows, key=lambda row: str(row["claim_id"]))
    ]


def _plain(value: Any) -> Any:
    """Return a moment in UTC, whatever zone a file writes it in."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _moment(name: str) -> datetime:
    """Return the moment that a version's or a batch's name begins with."""
    return datetime.strptime(name.split("-", 1)[0], _STAMP).replace(tzinfo=UTC)
