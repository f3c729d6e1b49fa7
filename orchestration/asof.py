"""The marts as they were known at a past moment, rebuilt from landing.

Belongs here: what a person may ask for, and the build and publication in a folder of its own. Does
not belong here: which rows were known (`dbt_project/macros/landed.sql`) and printing
(`orchestration.verbs.asof`).

What is rebuilt is the knowledge of then with the code of now: a model that was mended since gives
the mended figure. The deployment's warehouse and publication are neither read nor written.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from orchestration import landing
from orchestration.defs.publishing.assets import MARTS
from orchestration.defs.publishing.facts import code_revision, data_as_of
from orchestration.defs.publishing.publication import Facts, Publication
from orchestration.defs.publishing.publish import publish
from orchestration.defs.reference import cells
from orchestration.defs.warehouse.dbt import build
from orchestration.settings import Settings
from orchestration.warehouse_lock import hold, release

# Without these there is nothing to build; every other source may have begun later.
_NEEDED = ("instruments", "trading_sessions", "daily_bars")


class AsOfError(ValueError):
    """The moment cannot be asked for, or its marts not be built. The message says the mend."""


@dataclass(frozen=True)
class Moment:
    """A moment of knowledge and the name of its folder: a day, or a moment within one."""

    known_at: datetime
    name: str


def moment_of(text: str, now: datetime) -> Moment:
    """Return the moment that a person means.

    Args:
        text: a day, which means its end in UTC, or a timestamp with zone.
        now: the present, with a zone; the end of today has not come, so today means now.

    Raises:
        AsOfError: the text is neither, or lies in the future.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            midnight = datetime.combine(cells.day(text), time(), UTC)
            moment = Moment(midnight + timedelta(days=1, microseconds=-1), text)
        else:
            midnight = known_at = cells.timestamp(text)
            moment = Moment(known_at, known_at.strftime("%Y%m%dT%H%M%S%fZ"))
    except (cells.CellError, OverflowError) as error:
        raise AsOfError(
            f"DATE={text!r}: give a day that exists, such as 2025-01-31, for its end in UTC, or a "
            "moment with zone, such as 2025-01-31T17:00:00+01:00"
        ) from error
    if midnight > now:
        raise AsOfError(f"DATE={text}: lies in the future; it is {now:%Y-%m-%d %H:%M} UTC")
    return replace(moment, known_at=min(moment.known_at, now))


def build_as_of(settings: Settings, moment: Moment, report: Callable[[str], None]) -> Publication:
    """Build the marts of a moment and publish them below `data/asof/<its name>/published`.

    It is always a full build on a fresh file. A build of the same moment replaces the one before.

    Args:
        settings: the deployment whose landing is read.
        moment: from `moment_of`.
        report: called with a line for each step.

    Raises:
        AsOfError: nothing had landed by then, or a model or test failed.
        DbtError: dbt could not start.
        PublicationError: the disk refuses.
        WarehouseBusyError: the same moment is being built elsewhere.
    """
    _check_landed(settings.landing_dir, moment)
    folder = settings.data_dir / "asof" / moment.name
    own = replace(settings, data_dir=folder, postgres_url=None)
    lock, owner = folder.with_name(f"{folder.name}.lock"), f"asof of process {os.getpid()}"
    hold(lock, owner, settings.lock_timeout_seconds, report=report)
    try:
        _clear(own, settings.landing_dir)
        report(f"building   everything that had landed by {moment.known_at.isoformat()}")
        built = build(own, as_of=moment.known_at.isoformat(), report=report)
        if built.failures:
            raise AsOfError("the marts could not be built:\n" + "\n".join(built.failures))
        report(f"built      {len(built.events)} models and tests")
        facts = Facts(
            inputs=f"as of {moment.known_at.isoformat()}",
            run_id=owner,
            code_revision=code_revision(),
            data_as_of=data_as_of(own.warehouse_path),
        )
        return publish(own.warehouse_path, own.published_dir, MARTS, facts)
    finally:
        release(lock, owner)


def _check_landed(landing_dir: Path, moment: Moment) -> None:
    first = []
    for source in _NEEDED:
        batches = landing.batches(landing_dir / source)
        if not batches:
            raise AsOfError(f"landing/{source} has nothing ({landing_dir}): make run first")
        first.append(landing.fetched_at_of(batches[0]))
    if moment.known_at < max(first):
        raise AsOfError(
            f"DATE={moment.name}: nothing had landed by then; prices with their instruments and "
            f"sessions are there since {max(first):%Y-%m-%d %H:%M:%S} UTC"
        )


def _clear(own: Settings, landing_dir: Path) -> None:
    """Leave nothing of an earlier build but dbt's cache, and show the build what has landed."""
    shutil.rmtree(own.published_dir, ignore_errors=True)
    own.data_dir.mkdir(parents=True, exist_ok=True)
    for leftover in own.data_dir.glob(f"{own.warehouse_path.name}*"):
        leftover.unlink()
    # dbt finds the sources below the data folder; what landed after the moment is left out by it
    own.landing_dir.unlink(missing_ok=True)
    own.landing_dir.symlink_to(landing_dir, target_is_directory=True)
