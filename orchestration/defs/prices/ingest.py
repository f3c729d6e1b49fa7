"""One fetch: what is new at the provider lands, what has landed already does not.

Belongs here: the order of the steps and what is known at the end of them. Does not belong
here: each step (its own module) and how Dagster shows the result (`assets.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.prices.collect import Collected, together
from orchestration.defs.prices.damage import mark_paid, owed, set_aside
from orchestration.defs.prices.failover import Source, ask_in_order
from orchestration.defs.prices.inputs import closed_sessions, instruments
from orchestration.defs.prices.landed import reach, settled_splits, unlanded
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
        providers: who was asked, in the order of asking.
        rejections: what providers were given and could not use, a line each.
        bars: the rows that landed in daily_bars.
        actions: the rows that landed in corporate_actions.
        set_aside: damaged landed files, at their new places.
    """

    collected: Collected
    providers: list[str]
    rejections: list[str]
    bars: pa.Table
    actions: pa.Table
    set_aside: list[Path]


class NoAnswerError(RuntimeError):
    """No symbol was answered and at least one failed. The message lists each with its reason."""

    def __init__(self, providers: Sequence[str], collected: Collected) -> None:
        reasons = "\n".join(
            f"{o.symbol}: {o.provider}: {o.outcome}: {o.reason}" for o in collected.failed
        )
        super().__init__(
            f"{', '.join(providers)}: no symbol answered, "
            f"{len(collected.failed)} failed:\n{reasons}"
        )
        self.collected = collected


def ingest(
    provider_of: Callable[[str], PriceProvider],
    settings: Settings,
    config: PriceFetchConfig,
    *,
    now: datetime,
    warn: Callable[[str], None],
) -> Ingested:
    """Fetch, compare with what has landed, and land the difference.

    Args:
        provider_of: gives a provider by its name, always the same one.
        settings: where landed files are, the order of providers, the first day of the calendars.
        config: what a person chose; empty for everything that is new.
        now: the present, with a zone; it becomes `fetched_at` of every row.
        warn: where to name a damaged file, at once.

    Raises:
        PlanError: the configuration cannot be used.
        InputError: there are no instruments or no trading sessions.
        NoAnswerError: no symbol was answered and at least one failed; nothing has landed.
        ProviderUnusableError: a provider that is asked cannot work at all.
    """
    import pyarrow as pa

    bars_dir = settings.landing_dir / "daily_bars"
    actions_dir = settings.landing_dir / "corporate_actions"
    folders, quarantine = (actions_dir, bars_dir), settings.quarantine_dir
    moved = set_aside(folders, quarantine, warn)
    known = instruments(settings.landing_dir)
    closed = closed_sessions(
        settings.landing_dir, {i.mic for i in known}, until=now - SETTLING_TIME
    )

    @cache
    def source_of(name: str) -> Source:
        provider = provider_of(name)
        return Source(
            provider,
            reach=reach(bars_dir, provider.name),
            splits=settled_splits(actions_dir, bars_dir, provider.name),
            debt=owed(folders, quarantine, provider.name),
        )

    by_provider = ask_in_order(
        {i.symbol: i.providers or settings.price_providers for i in known},
        source_of,
        partial(plan, config, known, closed, first_day=settings.calendar_start, now=now),
        is_backfill=config.is_backfill,
    )
    sources = [source_of(name) for name in by_provider]
    collected = together(by_provider.values())
    if collected.failed and not collected.counts["answered"]:
        raise NoAnswerError([source.provider.name for source in sources], collected)
    landed: dict[Path, list[pa.Table]] = {folder: [] for folder in folders}
    for source, part in zip(sources, by_provider.values(), strict=True):
        # Bars last: they are the watermark, and a split is settled by the bars that follow it. If
        # this stops in between, the next run asks again.
        for folder, answer, schema in (
            (actions_dir, part.actions, actions_schema()),
            (bars_dir, part.bars, bars_schema()),
        ):
            name = source.provider.name
            rows = unlanded(answer, folder, name).cast(schema)
            # Readers' globs must match a file even if there has never been a row.
            if rows.num_rows or not batches(folder):
                land(folder, rows, provider=name, fetched_at=now)
            landed[folder].append(rows)
        if config == PriceFetchConfig() and not any(o.may_pass for o in part.outcomes):
            mark_paid(source.debt)
    return Ingested(
        collected,
        [source.provider.name for source in sources],
        [line for source in sources for line in source.provider.rejections()],
        bars=pa.concat_tables(landed[bars_dir]),
        actions=pa.concat_tables(landed[actions_dir]),
        set_aside=moved,
    )
