"""Whom to ask for a symbol: the first provider of its order, then the next for what is missing.

Belongs here: the order of asking and how far each answer reaches. Does not belong here: the dates
of one question (`plan.py`), asking it (`collect.py`) and landing the answers (`ingest.py`).

A later provider is asked only for the sessions after the last that an earlier one has served, now
or before: it fills a gap, and does not serve again what a preferred provider has served. When that
one is back it is asked from its own last session, so its bars follow, and win by being newer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from orchestration.defs.prices.collect import Collected, collect, together
from orchestration.defs.prices.landed import Reach
from orchestration.defs.prices.plan import Request
from orchestration.defs.prices.provider import FetchError, PriceProvider

Plan = Callable[[Mapping[str, Reach]], tuple[list[Request], dict[str, FetchError]]]


@dataclass(frozen=True)
class Source:
    """A provider and what has landed from it.

    Attributes:
        provider: whom to ask.
        reach: per symbol, what has landed.
        splits: symbol and ex-date of the splits that landed bars already take into account.
        debt: damaged files whose rows must be fetched again.
    """

    provider: PriceProvider
    reach: Mapping[str, Reach]
    splits: set[tuple[str, date]]
    debt: Sequence[Path]

    @property
    def watermarks(self) -> Mapping[str, Reach]:
        """What need not be asked for again; nothing when the past may have holes."""
        return {} if self.debt or self.provider.is_asked_whole else self.reach


def ask_in_order(
    orders: Mapping[str, tuple[str, ...]],
    source_of: Callable[[str], Source],
    plan: Plan,
    *,
    is_backfill: bool,
) -> dict[str, Collected]:
    """Ask until each symbol has its last closed session or its providers are used up.

    Args:
        orders: per symbol, the names of its providers, the one to ask first in front.
        source_of: gives a source by the name of its provider.
        plan: what to ask a provider for, from what need not be asked for again, and why some
            symbols are not asked for.
        is_backfill: whether days were chosen; then what landed before does not count as served.

    Returns:
        What was collected, by the name of the provider, in the order of asking.
    """
    collected: dict[str, list[Collected]] = {}
    # per symbol that still lacks something, the last session that an earlier provider has served
    waiting: dict[str, date | None] = dict.fromkeys(orders)
    turn = 0
    while names := _names_of_turn(orders, waiting, turn):
        lacking: dict[str, date | None] = {}
        for name in names:
            source = source_of(name)
            mine = {s for s in waiting if orders[s][turn : turn + 1] == (name,)}
            planned, unasked = plan(source.watermarks)
            requests = [
                beyond
                for request in planned
                if request.symbol in mine and (beyond := _beyond(request, waiting[request.symbol]))
            ]
            owed = {symbol: why for symbol, why in unasked.items() if symbol in mine}
            if not requests and not owed:
                continue
            part = collect(
                source.provider,
                requests,
                unasked=owed,
                # A new split asks for a provider's whole past, which would win over what an
                # earlier provider has served; SQL brings older bars to today's basis anyway.
                landed=source.watermarks if turn == 0 else {},
                splits=source.splits,
            )
            collected.setdefault(name, []).append(part)
            last = {outcome.symbol: outcome.last for outcome in part.outcomes}
            for request in requests:
                symbol, answered = request.symbol, last[request.symbol]
                if answered is None or answered < request.end:
                    before = None if is_backfill else source.reach.get(symbol)
                    served = (waiting[symbol], answered, before and before.last)
                    lacking[symbol] = max((day for day in served if day), default=None)
        waiting, turn = lacking, turn + 1
    return {name: together(parts) for name, parts in collected.items()}


def _names_of_turn(
    orders: Mapping[str, Sequence[str]], waiting: Mapping[str, object], turn: int
) -> list[str]:
    """Return the providers to ask in a turn, each once, in the order of the symbols."""
    return list(dict.fromkeys(orders[s][turn] for s in waiting if turn < len(orders[s])))


def _beyond(request: Request, served: date | None) -> Request | None:
    """Return what of a question lies after a session, or None when nothing does."""
    if served is None:
        return request
    start = max(request.start, served + timedelta(days=1))
    return replace(request, start=start) if start <= request.end else None
