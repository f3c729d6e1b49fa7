"""Whether a build can continue the one before it, or has to begin from landing.

Belongs here: that decision, and going back to landing when a continued build fails. Does not
belong here: which rows a continued build makes again (`dbt_project/macros/touched.sql`).

The warehouse stays disposable. It is continued only if the last build by the same code ran to its
end and left the very file that is there, and if every batch that it was made from is still landed;
a run that is killed leaves no such record.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.fingerprint import recorded_build
from orchestration.defs.warehouse.dbt import Build, DbtError, build
from orchestration.settings import Settings

if TYPE_CHECKING:
    import logging

_BATCHES = "select source || '/' || batch || '.parquet' from staging.stg_landed_batches"


def stamp(warehouse: Path) -> str:
    """Return size and time of change of a closed warehouse file; of none when it is missing."""
    if not warehouse.exists() or warehouse.with_name(f"{warehouse.name}.wal").exists():
        return "none"
    found = warehouse.stat()
    return f"{found.st_size} bytes at {found.st_mtime_ns}"


def why_not_continued(settings: Settings, code: str) -> str | None:
    """Return in words why the build has to begin from landing, or None if it can be continued.

    Args:
        settings: where warehouse and landing are.
        code: the fingerprint of the code that is about to build.
    """
    import duckdb

    before = recorded_build(settings)
    if before is None:
        return "no finished build is on record"
    if before.code != code:
        return "the code has changed"
    if before.warehouse != stamp(settings.warehouse_path):
        return "the file is not the one that the last build left"
    try:
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
            used = {name for (name,) in connection.execute(_BATCHES).fetchall()}
    except duckdb.Error as error:
        return f"the file cannot be read ({error})"
    if gone := [name for name in used if not (settings.landing_dir / name).exists()]:
        return f"{len(gone)} landed files have gone, such as {min(gone)}"
    return None


def build_or_rebuild(settings: Settings, obstacle: str | None, log: logging.Logger) -> Build:
    """Continue the warehouse; begin from landing if there is an obstacle, or if that fails.

    Args:
        settings: where warehouse and landing are.
        obstacle: why it cannot be continued, or None.
        log: told which of the two happens.

    Raises:
        DbtError: dbt failed before or outside its nodes.
    """
    if obstacle is None:
        log.info("warehouse: continues the last build")
        obstacle, outcome = _continued(settings, log)
        if outcome is not None:
            return outcome
    log.info(f"warehouse: built from landing: {obstacle}")
    # Whatever a killed run or a bad disk left is not opened.
    for leftover in settings.data_dir.glob(f"{settings.warehouse_path.name}*"):
        leftover.unlink()
    return build(settings, report=log.error)


def _continued(settings: Settings, log: logging.Logger) -> tuple[str, Build | None]:
    """Return the build, or what went wrong: a damaged block shows when it is read, not before."""
    try:
        outcome = build(settings, report=log.warning)
    except DbtError as error:
        return f"continuing failed ({error})", None
    if outcome.failures:
        return f"continuing failed ({outcome.failures[0]})", None
    return "", outcome
