"""One fetch: what is new at the provider lands, what has landed already does not.

Belongs here: the order of the steps and what is known at the end of them. Does not belong
here: each step (its own module) and how Dagster shows the result (`assets.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.collect import Collected, collect
from orchestration.defs.prices.damage import mark_paid, owed, set_aside
from orchestration.defs.prices.inputs import closed_sessions, instruments
from orchestration.defs.prices.landed import Reach, reach, settled_splits, unlanded
from orchestration.defs.prices.plan import SETTLING_TIME, PriceFetchConfig, plan
from orchestration.defs.prices.provider import PriceProvider
from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.landing import batches, land

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.settings import Settings


@dataclass(frozen=True)
class Ingested:
    """What one fetch did.

    Attributes:
        collected: every answer, and what became of each symbol.
        bars: the rows that landed in daily_bars.
        actions: the rows that landed in corporate_actions.
        set_aside: damaged landed files, at their new places.
    """

    collected: Collected
    bars: pa.Table
    actions: pa.Table
    set_aside: list[Path]


class NoAnswerError(RuntimeError):
    """No symbol was answered and at least one failed. The message lists each with its reason."""

    def __init__(self, provider: str, collected: Collected) -> None:
        reasons = "\n".join(f"{o.symbol}: {o.outcome}: {o.reason}" for o in collected.failed)
        super().__init__(
            f"{provider}: no symbol answered, {len(collected.failed)} failed:\n{reasons}"
        )
        self.collected = collected


def ingest(
    provider: PriceProvider,
    settings: Settings,
    config: PriceFetchConfig,
    *,
    now: datetime,
    warn: Callable[[str], None],
) -> Ingested:
    """Fetch, compare with what has landed, and land the difference.

    Args:
        provider: whom to ask.
        settings: where landed files are, and the first day of the calendars.
        config: what a person chose; empty for everything that is new.
        now: the present, with a zone; it becomes `fetched_at` of every row.
        warn: where to name a damaged file, at once.

    Raises:
        PlanError: the configuration cannot be used.
        InputError: there are no instruments or no trading sessions.
        NoAnswerError: no symbol was answered and at least one failed; nothing has landed.
        ProviderUnusableError: the provider cannot work at all.
    """
    bars_dir = settings.landing_dir / "daily_bars"
    actions_dir = settings.landing_dir / "corporate_actions"
    folders, quarantine = (actions_dir, bars_dir), settings.quarantine_dir
    moved = set_aside(folders, quarantine, warn)
    debt = owed(folders, quarantine, provider.name)
    known = instruments(settings.landing_dir)
    closed = closed_sessions(
        settings.landing_dir, {i.mic for i in known}, until=now - SETTLING_TIME
    )
    landed: dict[str, Reach] = {} if debt else reach(bars_dir, provider.name)
    requests, unasked = plan(
        config, known, closed, landed, first_day=settings.calendar_start, now=now
    )
    collected = collect(
        provider,
        requests,
        unasked=unasked,
        landed=landed,
        splits=settled_splits(actions_dir, bars_dir, provider.name),
    )
    if collected.failed and not collected.counts["answered"]:
        raise NoAnswerError(provider.name, collected)
    bars = unlanded(collected.bars, bars_dir, provider.name)
    actions = unlanded(collected.actions, actions_dir, provider.name)
    # Bars last: they are the watermark, and a split is settled by the bars that follow it. If
    # this stops in between, the next run asks again.
    for folder, rows, schema in (
        (actions_dir, actions, actions_schema()),
        (bars_dir, bars, bars_schema()),
    ):
        # Readers' globs must match a file even if there has never been a row.
        if rows.num_rows or not batches(folder):
            land(folder, rows.cast(schema), provider=provider.name, fetched_at=now)
    if config == PriceFetchConfig() and not any(o.may_pass for o in collected.outcomes):
        mark_paid(debt)
    return Ingested(collected, bars, actions, moved)
