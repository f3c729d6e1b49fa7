"""A study's input: every file read, checked and held against the others.

Belongs here: the order in which files are read, and what must hold between them. Does not belong
here: one file by itself (`series`, `events`, `parameters`), and where it lands (`landed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.study.arguments import Files
from orchestration.study.events import Events, read_events
from orchestration.study.parameters import read_study
from orchestration.study.records import wrong
from orchestration.study.series import read_benchmark, read_factors, read_prices

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Case:
    """A study that can be made.

    Attributes:
        prices: symbol, date, close and dividend of the instruments that have an event.
        benchmark: the same of the benchmarks; its dates are the sessions.
        events: the events and each instrument's benchmark.
        study: the row of `studies`, as it lands.
        factors: symbol (the factor), date and close (its return); None without factors.
        without_events: how many instruments of the prices file have none and are left out.
    """

    prices: pa.Table
    benchmark: pa.Table
    events: Events
    study: pa.Table
    factors: pa.Table | None
    without_events: int


def read_case(files: Files, reference: Path) -> Case:
    """Read and check all files; nothing is written.

    Args:
        files: what the person named.
        reference: the folder of `studies.csv`, for a study named by its id.

    Raises:
        ReferenceDataError: the first file that cannot be used, and why.
    """
    import pyarrow.compute as pc

    factors = read_factors(files.factors) if files.factors else None
    study = read_study(files.study, reference, _names(factors) if factors is not None else [])
    benchmark, prices = read_benchmark(files.benchmark), read_prices(files.prices)
    benchmarks, priced = _names(benchmark), _names(prices)
    if both := sorted(set(benchmarks).intersection(priced)):
        expected = f"another name than a symbol of {files.prices}; rename one of the two"
        raise wrong(files.benchmark, 1, "symbol", repr(both[0]), expected)
    events = read_events(files.events, priced, benchmarks)
    symbols = prices["symbol"].combine_chunks()
    needed = pc.is_in(symbols.dictionary, value_set=_strings(events.benchmark_of))
    kept = prices.filter(needed.take(symbols.indices))
    without = len(priced) - len(events.benchmark_of)
    return Case(kept, benchmark, events, study, factors, without)


def _names(series: pa.Table) -> list[str]:
    """Return the symbols that have at least one value."""
    import pyarrow.compute as pc

    valued = series.filter(pc.is_valid(series["close"]))["symbol"]
    return sorted(pc.unique(valued.cast("string")).to_pylist())


def _strings(texts: object) -> pa.Array:
    import pyarrow as pa

    return pa.array(texts, pa.string())
