"""The check that bars are fresh; it can be run alone, at any hour of any day.

Belongs here: gathering what the comparison needs and showing it. Does not belong here: the
comparison (`freshness.py`) and the check of a fetch's answers, which only the fetch can give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial

import dagster as dg

from orchestration.defs.prices.freshness import GRACE, ExchangeFreshness, exchange_freshness
from orchestration.defs.prices.inputs import closed_sessions, instruments
from orchestration.defs.prices.landed import reach
from orchestration.defs.prices.provider import PriceProvider, load_provider
from orchestration.defs.prices.tables import markdown
from orchestration.settings import Settings, load_settings


def bars_freshness(
    settings: Settings, provider_of: Callable[[str], PriceProvider], now: datetime
) -> list[ExchangeFreshness]:
    """Return how new the landed bars of every exchange are at a moment."""
    known = instruments(settings.landing_dir)
    closed = closed_sessions(settings.landing_dir, {i.mic for i in known}, until=now - GRACE)
    landed = reach(settings.landing_dir / "daily_bars")
    return exchange_freshness(
        known,
        closed,
        {symbol: span.last for symbol, span in landed.items()},
        {
            i.symbol: _available_until(
                i.symbol, [provider_of(name) for name in i.providers or settings.price_providers]
            )
            for i in known
        },
    )


def _available_until(symbol: str, providers: Sequence[PriceProvider]) -> date | None:
    """Return the last session that any of the providers can have; None when one has no end."""
    ends = [provider.available_until(symbol) for provider in providers]
    return None if None in ends else max(end for end in ends if end is not None)


@dg.asset_check(
    asset=dg.AssetKey(["landing", "daily_bars"]),
    description="Every exchange's bars reach its last session that closed more than six hours "
    "ago. Weekends and exchange holidays do not count, nor days that a recorded provider cannot "
    "have.",
)
def bars_are_fresh() -> dg.AssetCheckResult:
    """Warn about exchanges whose last sessions have not landed."""
    settings = load_settings()
    provider_of = cache(partial(load_provider, settings))
    exchanges = bars_freshness(settings, provider_of, datetime.now(UTC))
    stale = [exchange.mic for exchange in exchanges if exchange.behind]
    return dg.AssetCheckResult(
        passed=not stale,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"behind: {', '.join(stale)}" if stale else "every exchange is up to date",
        metadata={
            "exchanges": dg.MetadataValue.md(markdown([e.cells() for e in exchanges])),
            "stale_exchanges": len(stale),
        },
    )
