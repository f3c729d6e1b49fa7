"""Whether bars are as new as they can be, counted in each exchange's own sessions.

Belongs here: the comparison itself, without a clock or a disk. Does not belong here: reading
sessions and bars (`checks.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.defs.prices.inputs import Instrument

# A provider may need this long after a close before its bar is there.
GRACE = timedelta(hours=6)


@dataclass(frozen=True)
class ExchangeFreshness:
    """How new one exchange's bars are.

    Attributes:
        mic: the exchange.
        due: the last session whose bar should have landed; None if there is none.
        latest: the last session that has landed for any of its symbols; None if none has.
        behind: sessions missing at the end, per symbol that misses some.
    """

    mic: str
    due: date | None
    latest: date | None
    behind: dict[str, int]

    def cells(self) -> dict[str, object]:
        """Return the exchange as a row of a table for people."""
        behind = ", ".join(f"{symbol} ({count})" for symbol, count in self.behind.items())
        return {
            "exchange": self.mic,
            "due": self.due,
            "latest": self.latest,
            "fresh": "no" if self.behind else "yes",
            "sessions behind": behind,
        }


def exchange_freshness(
    instruments: Sequence[Instrument],
    closed: Mapping[str, Sequence[date]],
    landed: Mapping[str, date],
    available_until: Mapping[str, date | None],
) -> list[ExchangeFreshness]:
    """Compare what has landed with what is due, per exchange.

    Args:
        instruments: every symbol and its exchange.
        closed: per exchange, the sessions that closed more than `GRACE` ago, ascending.
        landed: per symbol, its last landed session.
        available_until: per symbol, the last session that the provider can have; None for no end.
    """
    found = []
    for mic in sorted({instrument.mic for instrument in instruments}):
        sessions = closed.get(mic, ())
        symbols = [i.symbol for i in instruments if i.mic == mic]
        ends = {
            symbol: bisect_right(sessions, available_until.get(symbol) or date.max)
            for symbol in symbols
        }
        due = max(ends.values())
        missing = {
            symbol: end - bisect_right(sessions, landed.get(symbol, date.min))
            for symbol, end in ends.items()
        }
        found.append(
            ExchangeFreshness(
                mic=mic,
                due=sessions[due - 1] if due else None,
                latest=max((landed[s] for s in symbols if s in landed), default=None),
                behind={symbol: count for symbol, count in missing.items() if count > 0},
            )
        )
    return found
