"""The event study in vectorised numpy and pandas, with the engine's outputs as Parquet.

Run as a process of its own: `python -m tests.benchmarks.vectorised WAREHOUSE FOLDER`. Belongs here:
the fastest plain numpy that a careful analyst would write, for the three models of one line and the
three cross-sectional tests. Does not belong here: anything the engine should be held to; that is
tests/reference.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.panel import ROOM, Asked, Returns, asked, windows_of
from tests.benchmarks.vectorised_groups import group_sums, group_tests, student
from tests.benchmarks.vectorised_lines import Lines, fits

BATCH_PAIRS = 20_000
Windows = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Dense:
    """Pairs by sessions of the event window; a session without a return has k = 0 and NaN."""

    k: np.ndarray
    r: np.ndarray
    expected: np.ndarray
    deviation: np.ndarray

    @property
    def ar(self) -> np.ndarray:
        """Return the abnormal returns."""
        ar: np.ndarray = self.r - self.expected
        return ar

    def cut(self, first: int, last: int) -> Dense:
        """Return the columns from `first` to `last`."""
        parts = (self.k, self.r, self.expected, self.deviation)
        return Dense(*(part[:, first : last + 1] for part in parts))


@dataclass
class Outputs:
    """Parquet files that grow batch by batch."""

    folder: Path
    writers: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    def add(self, name: str, table: pa.Table) -> None:
        """Append a table to the file of that name."""
        if name not in self.writers:
            self.writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema)
        self.writers[name].write_table(table)

    def close(self) -> None:
        """Finish every file."""
        for writer in self.writers.values():
            writer.close()


@dataclass(frozen=True)
class Job:
    """What is asked of whom, and where it goes."""

    wanted: Asked
    returns: Returns
    windows: Windows
    intervals: Windows
    outputs: Outputs


def main(warehouse: str, folder: str) -> None:
    """Study every pair, write days, windows and group tests; print the CPU seconds of that."""
    begun = time.process_time()
    Path(folder).mkdir(exist_ok=True)
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set threads = 1; set timezone = 'UTC'")
        job = Job(
            asked(connection),
            Returns.read(connection),
            windows=windows_of(connection, "event_study_results"),
            intervals=windows_of(connection, "event_group_tests"),
            outputs=Outputs(Path(folder)),
        )
    pooled = []
    for pairs in _batches(job.wanted.pairs):
        for model, sums in _studied(pairs, job):
            if job.wanted.study.get("pooled") == "study":
                pooled.append(sums.assign(event_id="", model=model))
            else:
                job.outputs.add("event_group_tests", group_tests(sums.assign(model=model)))
    if pooled:
        keys = ["event_id", "group_name", "model", "window_name"]
        whole = pd.concat(pooled).groupby(keys).sum().reset_index()
        job.outputs.add("event_group_tests", group_tests(whole))
    job.outputs.close()
    print(time.process_time() - begun)


def _batches(pairs: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield whole events, about BATCH_PAIRS rows at a time."""
    event = pd.factorize(pairs["event_id"])[0]
    begin = 0
    while begin < len(pairs):
        end = begin + BATCH_PAIRS
        if end < len(pairs):
            end = int(np.searchsorted(event, event[end - 1], side="right"))
        yield pairs.iloc[begin:end]
        begin = end


def _studied(pairs: pd.DataFrame, job: Job) -> Iterator[tuple[str, pd.DataFrame]]:
    """Write days and windows of a batch; yield the sums of its groups for each model."""
    wanted, returns = job.wanted, job.returns
    code, day_0 = pairs["code"].to_numpy(), pairs["day_0"].to_numpy()
    last = wanted.number("estimation_last")
    first = last - wanted.number("estimation_sessions") + 1
    estimation = returns.between(code, day_0 + first, day_0 + last)
    has_day_0 = returns.between(code, day_0, day_0).length == 1
    kept = has_day_0 & (estimation.length >= wanted.number("minimum_observations"))
    pairs, code, day_0 = pairs[kept], code[kept], day_0[kept]
    if not len(pairs):
        return
    fitted = fits(returns, returns.between(code, day_0 + first, day_0 + last), wanted.models)
    begin, end = wanted.number("event_window_first"), wanted.number("event_window_last")
    event = returns.between(code, day_0 + begin, day_0 + end)
    column = returns.key[event.rows] % ROOM - day_0[event.owner] - begin
    place = (event.owner, column)

    def spread(values: np.ndarray, absent: float) -> np.ndarray:
        dense = np.full((len(pairs), end - begin + 1), absent)
        dense[place] = values[event.rows]
        return dense

    k, r, b = spread(returns.k, 0.0), spread(returns.r, np.nan), spread(returns.b, np.nan)
    labels = _labels(pairs)
    of_day = {name: values.take(event.owner) for name, values in labels.items()}
    when = {"session_date": returns.date[event.rows], "relative_session": column + begin}
    for model, line in fitted.items():
        expected = k * line.alpha[:, None] + line.beta[:, None] * b
        dense = Dense(k, r, expected, b - k * line.benchmark_mean[:, None])
        days = when | _days(line, dense, place)
        job.outputs.add("event_window_returns", _table(model, of_day, days))
        sums = []
        for name, bounds in (job.windows | job.intervals).items():
            window = _window(line, dense.cut(bounds[0] - begin, bounds[1] - begin))
            if name in job.windows:
                of_name = {"window_name": _repeated(name, len(pairs))}
                job.outputs.add("event_study_results", _table(model, labels | of_name, window))
            if name in job.intervals:
                sums.append(group_sums(pairs, window).assign(window_name=name))
        yield model, pd.concat(sums)


def _days(line: Lines, dense: Dense, place: tuple[np.ndarray, np.ndarray]) -> dict[str, np.ndarray]:
    error = line.error(dense.k, dense.deviation)[place]
    ar, freedom = dense.ar, line.freedom[place[0]]
    standardised = ar[place] / error
    return {
        "return_pct": 100 * dense.r[place],
        "expected_return_pct": 100 * dense.expected[place],
        "abnormal_return_pct": 100 * ar[place],
        "cumulative_abnormal_return_pct": 100 * np.nancumsum(ar, axis=1)[place],
        "prediction_error_pct": 100 * error,
        "standardised_abnormal_return": standardised,
        "degrees_of_freedom": freedom,
        "p_value": student(standardised, freedom),
    }


def _window(line: Lines, dense: Dense) -> dict[str, np.ndarray]:
    is_over = ~np.isnan(dense.r[:, -1])  # CAR and BHAR need the last session of the window
    car = np.where(is_over, np.nansum(dense.ar, axis=1), np.nan)
    held = np.nanprod(1 + dense.r, axis=1) - np.nanprod(1 + dense.expected, axis=1)
    covered = dense.k.sum(axis=1, keepdims=True)
    error = line.error(covered, np.nansum(dense.deviation, axis=1, keepdims=True))[:, 0]
    scar = car / error
    return {
        "car_pct": 100 * car,
        "bhar_pct": 100 * np.where(is_over, held, np.nan),
        "car_standard_error_pct": 100 * np.where(is_over, error, np.nan),
        "car_t": scar,
        "degrees_of_freedom": line.freedom,
        "p_value": student(scar, line.freedom),
        "alpha_pct": 100 * line.alpha,
        "beta": line.beta,
        "sigma_pct": 100 * line.sigma,
    }


def _labels(pairs: pd.DataFrame) -> dict[str, pa.Array]:
    names = ("event_id", "symbol", "group_name")
    return {name: pa.array(pairs[name]).dictionary_encode() for name in names}


def _repeated(value: str, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, np.int32)), [value])


def _table(model: str, label: dict[str, pa.Array], values: dict[str, np.ndarray]) -> pa.Table:
    of_model = {"model": _repeated(model, len(values["degrees_of_freedom"]))}
    return pa.table(label | of_model | values)


if __name__ == "__main__":
    main(*sys.argv[1:])
