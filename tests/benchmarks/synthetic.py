"""Made-up universes: daily returns of many instruments, chunk by chunk, and events among them.

Belongs here: seeded numbers as numpy and Arrow, never more than a chunk of them at once. Does not
belong here: any name of a table of the warehouse, and any statistic.

Log returns follow the market model with normal noise: `alpha + beta * market + noise`. Without
gaps and with `Shock` as the only departure, every assumption of every test holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

CHUNK_BARS = 500_000
FIRST_SESSION = "2000-01-03"
EXCHANGES = ("XNYS", "XNAS")
FACTORS = ("size", "value", "momentum")


@dataclass(frozen=True)
class Shock:
    """An abnormal log return for each instrument on one session (numbered from 1)."""

    session_index: int
    effects: np.ndarray


@dataclass(frozen=True)
class Universe:
    """What the bars are drawn from; the same fields give the same bars."""

    instruments: int
    sessions: int
    seed: int = 1
    noise: tuple[float, float] = (0.012, 0.03)
    gap_share: float = 0.002

    @cached_property
    def session_dates(self) -> np.ndarray:
        """Return the weekdays that are sessions, as dates."""
        return np.busday_offset(FIRST_SESSION, np.arange(self.sessions), roll="forward")

    @cached_property
    def markets(self) -> np.ndarray:
        """Return the log returns of each exchange's benchmark, exchanges by sessions."""
        random = np.random.default_rng([self.seed, 0])
        return random.normal(0.0003, 0.01, (len(EXCHANGES), self.sessions))

    @cached_property
    def sessions_table(self) -> pa.Table:
        """Return the sessions, numbered from 1."""
        numbers = np.arange(1, self.sessions + 1, dtype=np.int32)
        return pa.table({"session_index": numbers, "session_date": self.session_dates})

    @cached_property
    def factors_table(self) -> pa.Table:
        """Return the returns of a few factors besides the market."""
        random = np.random.default_rng([self.seed, 1])
        return pa.table(
            {
                "factor": np.repeat(FACTORS, self.sessions),
                "session_date": np.tile(self.session_dates, len(FACTORS)),
                "value": random.normal(0.0, 0.005, len(FACTORS) * self.sessions),
            }
        )

    @cached_property
    def instruments_table(self) -> pa.Table:
        """Return the instruments, numbered from 0; the benchmarks come last and have none."""
        count = self.instruments
        mics = [EXCHANGES[number % len(EXCHANGES)] for number in range(count)]
        return pa.table(
            {
                "instrument": pa.array(range(count + len(EXCHANGES)), pa.int32()),
                "symbol": [f"S{number:06d}" for number in range(count)]
                + [f"^{mic}" for mic in EXCHANGES],
                "kind": ["stock"] * count + ["index"] * len(EXCHANGES),
                "mic": mics + list(EXCHANGES),
                "benchmark_symbol": [f"^{mic}" for mic in mics] + [None] * len(EXCHANGES),
            }
        )

    def chunks(self, shock: Shock | None = None) -> Iterator[pa.Table]:
        """Yield the bars of some instruments after the other, usable or not, gaps folded."""
        at_once = max(1, CHUNK_BARS // self.sessions)
        for first in range(0, self.instruments, at_once):
            numbers = np.arange(first, min(first + at_once, self.instruments))
            random = np.random.default_rng([self.seed, 2, first])
            returns = self._log_returns(numbers, random)
            if shock is not None:
                returns[:, shock.session_index - 1] += shock.effects[numbers]
            is_usable = random.random(returns.shape) >= self.gap_share
            is_usable[:, 0] = True
            benchmarks = self.markets[numbers % len(EXCHANGES)]
            yield self._folded(numbers, returns, benchmarks, is_usable)
        numbers = self.instruments + np.arange(len(EXCHANGES))
        nothing = np.full_like(self.markets, np.nan)
        yield self._folded(numbers, self.markets, nothing, np.ones(nothing.shape, bool))

    def _log_returns(self, numbers: np.ndarray, random: np.random.Generator) -> np.ndarray:
        count = len(numbers)
        alpha, beta = random.normal(0.0, 0.0003, count), random.normal(1.0, 0.3, count)
        sigma = random.uniform(*self.noise, count)
        returns = random.standard_normal((count, self.sessions))
        returns *= sigma[:, None]
        returns += alpha[:, None] + beta[:, None] * self.markets[numbers % len(EXCHANGES)]
        return returns

    def _folded(
        self,
        numbers: np.ndarray,
        returns: np.ndarray,
        benchmarks: np.ndarray,
        is_usable: np.ndarray,
    ) -> pa.Table:
        """Return one row for each session, with the return since the last usable close."""
        levels, benchmark_levels = np.cumsum(returns, axis=1), np.cumsum(benchmarks, axis=1)
        position = np.broadcast_to(np.arange(self.sessions), returns.shape)
        last_usable = np.maximum.accumulate(np.where(is_usable, position, -1), axis=1)
        previous = np.full_like(last_usable, -1)
        previous[:, 1:] = last_usable[:, :-1]
        has_return = is_usable & (previous >= 0)
        before = np.maximum(previous, 0)

        def since(level: np.ndarray) -> pa.Array:
            moved = (level - np.take_along_axis(level, before, axis=1)).ravel()
            return pa.array(moved, mask=~has_return.ravel() | np.isnan(moved))

        symbols = self.instruments_table
        return pa.table(
            {
                "instrument": np.repeat(numbers.astype(np.int32), self.sessions),
                "symbol": _spread(symbols["symbol"], numbers, self.sessions),
                "mic": _spread(symbols["mic"], numbers, self.sessions),
                "benchmark_symbol": _spread(symbols["benchmark_symbol"], numbers, self.sessions),
                "session_index": (position + 1).ravel().astype(np.int32),
                "session_date": np.tile(self.session_dates, len(numbers)),
                "previous_session_date": self.session_dates[before.ravel()],
                "close": 100 * np.exp(levels.ravel()),
                "is_usable": is_usable.ravel(),
                "has_return": has_return.ravel(),
                "sessions_spanned": (position - previous).ravel().astype(np.int32),
                "log_return": since(levels),
                "benchmark_log_return": since(benchmark_levels),
            }
        )


def _spread(values: pa.ChunkedArray, numbers: np.ndarray, times: int) -> pa.Array:
    """Return the value of each instrument, repeated, without repeating its text."""
    codes = pa.array(np.repeat(np.arange(len(numbers), dtype=np.int32), times))
    return pa.DictionaryArray.from_arrays(codes, values.take(numbers).combine_chunks())


@dataclass(frozen=True)
class Events:
    """When each event was (session, from 1) and which instruments are studied around it."""

    day_0s: np.ndarray
    event: np.ndarray
    instrument: np.ndarray
    groups: int

    @property
    def events_table(self) -> pa.Table:
        """Return the events, numbered from 0."""
        return pa.table(
            {"event": np.arange(len(self.day_0s), dtype=np.int32), "day_0": self.day_0s}
        )

    @property
    def members_table(self) -> pa.Table:
        """Return the pairs of event and instrument, each in a numbered group of its event."""
        number = np.arange(len(self.event)) % self.groups
        return pa.table({"event": self.event, "instrument": self.instrument, "group": number})


def scattered(universe: Universe, pairs: int, members: int, seed: int = 7) -> Events:
    """Return events at any time since an estimation window fits, members drawn at random."""
    members = min(members, universe.instruments, pairs)
    random = np.random.default_rng([seed, pairs, members])
    count = -(-pairs // members)
    day_0s = random.integers(270, universe.sessions - 15, count).astype(np.int32)
    shuffled = random.permutation(universe.instruments).astype(np.int32)
    start = np.repeat(random.integers(0, universe.instruments, count), members)
    each = np.tile(np.arange(members), count)
    event = np.repeat(np.arange(count, dtype=np.int32), members)
    instrument = shuffled[(start + each) % universe.instruments]
    return Events(day_0s, event[:pairs], instrument[:pairs], groups=2)


def separate(universe: Universe, members: int, day_0: int) -> Events:
    """Return events on one day that share no instrument, so that their groups are independent."""
    instrument = np.arange(universe.instruments, dtype=np.int32)
    event = instrument // members
    day_0s = np.full(int(event[-1]) + 1, day_0, dtype=np.int32)
    return Events(day_0s, event, instrument, groups=1)
