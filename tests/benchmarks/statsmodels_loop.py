"""The event study as most notebooks do it: statsmodels, one event-instrument after the other.

Run as a process of its own: `python -m tests.benchmarks.statsmodels_loop WAREHOUSE SAMPLE`; it
prints CPU seconds for each pair. Belongs here: the per-pair work only; reading is not counted and
group tests are left out, so the figure flatters the loop. Does not belong here: optimisation.
"""

from __future__ import annotations

import sys
import time

import duckdb
import numpy as np
import statsmodels.api as sm
from scipy import stats

from tests.benchmarks.panel import ROOM, Returns, asked, windows_of

Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def main(warehouse: str, sample: str) -> None:
    """Time a seeded sample of pairs."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set threads = 1; set timezone = 'UTC'")
        wanted = asked(connection)
        count = min(int(sample), len(wanted.pairs))
        pairs = wanted.pairs.sample(count, random_state=3)
        connection.register("sampled", pairs[["code"]].drop_duplicates())
        returns = Returns.read(connection, "code in (select code from sampled)")
        windows = windows_of(connection, "event_study_results")
    last = wanted.number("estimation_last")
    first = last - wanted.number("estimation_sessions") + 1
    bounds = (first, last, *(wanted.number(f"event_window_{end}") for end in ("first", "last")))
    minimum = wanted.number("minimum_observations")
    begun, done = time.process_time(), 0
    for pair in pairs.itertuples():
        sessions, columns = _history(returns, int(str(pair.code)), int(str(pair.day_0)), bounds)
        inside = (sessions >= bounds[0]) & (sessions <= bounds[1])
        around = sessions >= bounds[2]
        if inside.sum() < minimum or 0 not in sessions:
            continue
        for model in wanted.models:
            estimation = tuple(column[inside] for column in columns)
            event = tuple(column[around] for column in columns)
            _study(model, estimation, event, sessions[around], windows)
        done += 1
    print((time.process_time() - begun) / max(done, 1))


def _history(
    returns: Returns, code: int, day_0: int, bounds: tuple[int, ...]
) -> tuple[np.ndarray, Columns]:
    """Return relative sessions and k, r, b from the estimation to the event window."""
    low, high = np.searchsorted(
        returns.key, [code * ROOM + day_0 + bounds[0], code * ROOM + day_0 + bounds[3] + 1]
    )
    cut = slice(low, high)
    return returns.key[cut] % ROOM - day_0, (returns.k[cut], returns.r[cut], returns.b[cut])


def _study(
    model: str,
    estimation: tuple[np.ndarray, ...],
    event: tuple[np.ndarray, ...],
    sessions: np.ndarray,
    windows: dict[str, tuple[int, int]],
) -> list[tuple[float, ...]]:
    """Return (CAR, BHAR, standard error, t, p) for each window, after AR and p for each day."""
    k, r, b = estimation
    known = r - b if model == "market_adjusted" else r
    design = [np.ones_like(k), b / k] if model == "market_model" else [np.ones_like(k)]
    line = sm.WLS(known / k, np.column_stack(design), weights=k).fit()
    k, r, b = event
    design = [k, b] if model == "market_model" else [k]
    x = np.column_stack(design)
    expected = b if model == "market_adjusted" else x @ line.params
    uncertain = 0 if model == "market_adjusted" else x @ line.cov_params() @ x.T
    errors = line.mse_resid * np.diag(k) + uncertain
    ar = r - expected
    standardised = ar / np.sqrt(np.diag(errors))
    2 * stats.t.sf(np.abs(standardised), line.df_resid)
    np.cumsum(ar)
    found: list[tuple[float, ...]] = []
    for begin, end in windows.values():
        inside = (sessions >= begin) & (sessions <= end)
        car, error = ar[inside].sum(), np.sqrt(errors[np.ix_(inside, inside)].sum())
        bhar = np.prod(1 + r[inside]) - np.prod(1 + expected[inside])
        p_value = 2 * stats.t.sf(abs(car / error), line.df_resid)
        found.append((car, bhar, error, car / error, p_value))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
