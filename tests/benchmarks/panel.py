"""What the rivals read: the same returns and event-instrument pairs as the engine, as numpy.

Belongs here: reading the upstream tables, finding day 0, cutting windows out of a long table. Does
not belong here: any model or test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd

ROOM = 1 << 20  # more than any session number: (instrument, session) fits one integer
MODELS = ("market_model", "market_adjusted", "mean_adjusted")
PAIRED = "intermediate.int_paired_returns"
CODES = """
    create or replace temp table codes as
    select symbol, mic, cast(row_number() over (order by symbol) - 1 as integer) as code
    from staging.stg_instruments
"""


@dataclass(frozen=True)
class Returns:
    """All returns, sorted by instrument and session: key = code * ROOM + session."""

    key: np.ndarray
    date: np.ndarray
    k: np.ndarray
    r: np.ndarray
    b: np.ndarray

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, where: str = "true") -> Returns:
        """Read the simple returns of the instruments that have a benchmark."""
        connection.execute(CODES)
        found = connection.execute(
            f"""
            select
                cast(code as bigint) * {ROOM} + session_index as key, session_date as date,
                cast(sessions_spanned as double) as k, simple_return as r,
                benchmark_simple_return as b
            from {PAIRED} inner join codes using (symbol)
            where benchmark_simple_return is not null and {where}
            """
        ).fetchnumpy()
        columns = [np.asarray(found[name]) for name in ("key", "date", "k", "r", "b")]
        if not (columns[0][1:] > columns[0][:-1]).all():
            order = np.argsort(columns[0])
            columns = [column[order] for column in columns]
        return cls(*columns)

    def between(self, code: np.ndarray, first: np.ndarray, last: np.ndarray) -> Slices:
        """Return the rows of each instrument from session `first` to session `last`."""
        base = code.astype(np.int64) * ROOM
        low = np.searchsorted(self.key, base + first)
        return Slices(low, np.searchsorted(self.key, base + last + 1) - low)


@dataclass(frozen=True)
class Slices:
    """Runs of consecutive rows: where each begins and how many there are."""

    low: np.ndarray
    length: np.ndarray

    @cached_property
    def starts(self) -> np.ndarray:
        """Return where each run begins in the concatenation of all."""
        return np.cumsum(self.length) - self.length

    @cached_property
    def owner(self) -> np.ndarray:
        """Return the number of the run for each row of the concatenation."""
        return np.repeat(np.arange(len(self.low)), self.length)

    @cached_property
    def rows(self) -> np.ndarray:
        """Return the rows of all runs, one after the other."""
        return np.arange(self.length.sum()) + (self.low - self.starts)[self.owner]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over each run, none of which may be empty."""
        totals: np.ndarray = np.add.reduceat(values, self.starts)
        return totals


@dataclass(frozen=True)
class Asked:
    """The study's row and its pairs of event and instrument, sorted by event."""

    study: dict[str, object]
    pairs: pd.DataFrame

    @property
    def models(self) -> list[str]:
        """Return the asked models that a rival knows."""
        return [model for model in str(self.study["models"]).split() if model in MODELS]

    def number(self, name: str) -> int:
        """Return a number of the study."""
        return int(str(self.study[name]))


def asked(connection: duckdb.DuckDBPyConnection) -> Asked:
    """Read the study and its pairs; day 0 is the first session that closes after the news."""
    study = connection.execute("from staging.stg_studies").df().iloc[0].to_dict()
    connection.execute(CODES)
    codes = connection.execute("from codes").df()
    events = connection.execute("select event_id, announced_at from staging.stg_events").df()
    pairs = connection.execute("from staging.stg_event_instruments").df()
    pairs = pairs.merge(codes, on="symbol").merge(events, on="event_id")
    closes = connection.execute(
        "select mic, closes_at from intermediate.int_trading_sessions order by closes_at"
    ).df()
    pairs["day_0"] = 0
    for mic, of_exchange in closes.groupby("mic"):
        is_here = (pairs["mic"] == mic).to_numpy()
        announced = pairs.loc[is_here, "announced_at"]
        day_0 = of_exchange["closes_at"].searchsorted(announced, side="right") + 1
        pairs.loc[is_here, "day_0"] = day_0
    # of two events on one day of an instrument the first announced is studied
    pairs = pairs.sort_values(["announced_at", "event_id"]).drop_duplicates(["code", "day_0"])
    return Asked(study, pairs.sort_values(["event_id", "symbol"], ignore_index=True))


def windows_of(connection: duckdb.DuckDBPyConnection, mart: str) -> dict[str, tuple[int, int]]:
    """Return the windows that a built mart has, such as `[-1,+1]`, with their bounds."""
    names = connection.execute(f"select distinct window_name from marts.{mart}").fetchall()
    bounds = {name: re.fullmatch(r"\[([+-]?\d+),([+-]?\d+)\]", name) for (name,) in sorted(names)}
    return {name: (int(found[1]), int(found[2])) for name, found in bounds.items() if found}
