"""The landed snapshot of all trading sessions.

Belongs here: deciding whether the snapshot is current, and landing a new one. Does not belong
here: what a session is (`sessions`), and how this shows in Dagster (`assets`).

A snapshot is whole, because a newer calendar can also take a session away (a day of mourning),
which a file of additions could not say; staging reads the latest snapshot only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from orchestration import landing
from orchestration.settings import Settings


class NoExchangesError(RuntimeError):
    """No exchanges have landed. The message says what to run."""


def snapshot_provider(exchanges_hash: str, first: date, last: date) -> str:
    """Return the provider stamp of a snapshot, which also tells what it was made from.

    Comparing it costs no import of exchange_calendars or pandas. It looks like
    `exchange_calendars_4.13.2.1f0c9a3e5b7d`: the package's version and a digest of the
    exchanges and the range of days.
    """
    made_from = f"{exchanges_hash} {first} {last}"
    digest = hashlib.sha256(made_from.encode()).hexdigest()[:12]
    return f"exchange_calendars_{version('exchange_calendars')}.{digest}".lower()


def provider_of(batch: Path) -> str:
    """Return the provider that a landed file's name carries."""
    return batch.stem.split("-")[1]


def land_trading_sessions(
    settings: Settings, now: datetime, warn: Callable[[str], None]
) -> tuple[Path, bool]:
    """Land a snapshot of all sessions unless the latest one is current.

    The days run from `settings.calendar_start` to the end of next year.

    Returns:
        The current snapshot's file, and whether it is new.

    Raises:
        NoExchangesError: `landing/exchanges` has no batch.
        CalendarUnusableError: an exchange names a calendar that cannot be used.
    """
    quarantine = settings.quarantine_dir
    exchanges, folder = (
        settings.landing_dir / "exchanges",
        settings.landing_dir / "trading_sessions",
    )
    for each in (exchanges, folder):
        for moved in landing.set_aside_damaged(each, quarantine):
            warn(f"damaged landed file set aside, run {each.name} to land it again: {moved}")
    landed_exchanges, landed = landing.batches(exchanges), landing.batches(folder)
    if not landed_exchanges:
        raise NoExchangesError(f"{exchanges} is empty: materialize landing/exchanges first")
    first, last = settings.calendar_start, date(now.year + 1, 12, 31)
    provider = snapshot_provider(landing.hash_of(landed_exchanges[-1]), first, last)
    if landed and provider_of(landed[-1]) == provider:
        return landed[-1], False

    import pyarrow.parquet as pq

    from orchestration.defs.calendars.sessions import trading_sessions_of

    rows = pq.read_table(landed_exchanges[-1], columns=["mic", "calendar"]).to_pylist()
    sessions = trading_sessions_of({row["mic"]: row["calendar"] for row in rows}, first, last)
    return landing.land(folder, sessions, provider=provider, fetched_at=now), True
