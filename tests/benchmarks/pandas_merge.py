"""The market model in vectorised pandas as most analysts would write it: merge, group, sum.

Run as a process of its own: `python -m tests.benchmarks.pandas_merge WAREHOUSE FOLDER`. Belongs
here: one long table of every pair's sessions, and nothing but pandas' own verbs on it, some
instruments at a time so that it fits in memory. Does not belong here: tricks; vectorised.py has
those.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from tests.benchmarks.panel import ROOM, Asked, Returns, asked, windows_of
from tests.benchmarks.vectorised import Outputs
from tests.benchmarks.vectorised_groups import group_sums, group_tests, student

BATCH_PAIRS = 10_000
LABELS = ["event_id", "symbol", "group_name"]


def main(warehouse: str, folder: str) -> None:
    """Study every pair, write days, windows and group tests; print the CPU seconds of that."""
    begun = time.process_time()
    Path(folder).mkdir(exist_ok=True)
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute("set threads = 1; set timezone = 'UTC'")
        wanted, returns = asked(connection), Returns.read(connection)
        named = windows_of(connection, "event_study_results")
        every = named | windows_of(connection, "event_group_tests")
    columns = {name: getattr(returns, name) for name in ("date", "k", "r", "b")}
    bars = pd.DataFrame({"code": returns.key // ROOM, "session": returns.key % ROOM} | columns)
    outputs, sums = Outputs(Path(folder)), []
    for pairs in _batches(wanted.pairs):
        low, high = bars["code"].searchsorted([pairs["code"].min(), pairs["code"].max() + 1])
        rows = _rows(pairs, bars.iloc[low:high], wanted)
        first = wanted.number("event_window_first")
        lines = _lines(rows[rows["relative_session"] < first], wanted)
        days = _days(rows[rows["relative_session"] >= first], lines)
        outputs.add("event_window_returns", _table(pairs, days))
        for name, (begin, end) in every.items():
            window = _window(days, lines, begin, end)
            members = pairs.loc[window.index]
            arrays = {column: window[column].to_numpy() for column in window}
            sums.append(group_sums(members, arrays).assign(window_name=name))
            if name in named:
                labelled = window.assign(window_name=name).rename_axis("pair").reset_index()
                outputs.add("event_study_results", _table(pairs, labelled))
    keys = ["event_id", "group_name", "window_name"]
    whole = pd.concat(sums).groupby(keys).sum().reset_index().assign(model="market_model")
    outputs.add("event_group_tests", group_tests(whole))
    outputs.close()
    print(time.process_time() - begun)


def _batches(pairs: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the pairs of some instruments after the other."""
    pairs = pairs.sort_values("code", kind="stable", ignore_index=True)
    for _, batch in pairs.groupby(pairs["code"].rank(method="min") // BATCH_PAIRS):
        yield batch


def _rows(pairs: pd.DataFrame, bars: pd.DataFrame, wanted: Asked) -> pd.DataFrame:
    """Return one row for each pair and session of both windows that has a return."""
    last = wanted.number("estimation_last")
    begin, end = (wanted.number(f"event_window_{which}") for which in ("first", "last"))
    relative = np.r_[last - wanted.number("estimation_sessions") + 1 : last + 1, begin : end + 1]
    asked_for = pd.DataFrame(
        {
            "pair": np.repeat(pairs.index, len(relative)),
            "code": np.repeat(pairs["code"].to_numpy(), len(relative)),
            "session": (pairs["day_0"].to_numpy()[:, None] + relative).ravel(),
            "relative_session": np.tile(relative, len(pairs)),
        }
    )
    rows = asked_for.merge(bars, on=["code", "session"])
    has_day_0 = rows.loc[rows["relative_session"] == 0, "pair"]
    return rows[rows["pair"].isin(has_day_0)]


def _lines(rows: pd.DataFrame, wanted: Asked) -> pd.DataFrame:
    """Return the fitted line of each pair, weights 1 / k, in two passes."""
    total = rows.groupby("pair")[["k", "r", "b"]].sum()
    means = total[["r", "b"]].div(total["k"], axis=0).add_suffix("_mean")
    rows = rows[["pair", "k", "r", "b"]].merge(means, left_on="pair", right_index=True)
    r, b = rows["r"] - rows["k"] * rows["r_mean"], rows["b"] - rows["k"] * rows["b_mean"]
    products = pd.DataFrame({"bb": b * b / rows["k"], "rb": r * b / rows["k"]})
    products = products.groupby(rows["pair"]).sum()
    beta = products["rb"] / products["bb"]
    residual = r - rows["pair"].map(beta) * b
    squares = (residual * residual / rows["k"]).groupby(rows["pair"]).sum()
    observations = rows.groupby("pair").size()
    lines = means.assign(
        beta=beta,
        alpha=means["r_mean"] - beta * means["b_mean"],
        sigma=np.sqrt(squares / (observations - 2)),
        degrees_of_freedom=observations - 2.0,
        sessions=total["k"],
        bb=products["bb"],
    )
    return lines[observations >= wanted.number("minimum_observations")]


def _error(rows: pd.DataFrame) -> pd.Series:
    """Return the prediction error of returns over k sessions."""
    spread = rows["k"] + rows["k"] ** 2 / rows["sessions"] + rows["deviation"] ** 2 / rows["bb"]
    error: pd.Series = rows["sigma"] * np.sqrt(spread)
    return error


def _days(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    days = rows.merge(lines, left_on="pair", right_index=True).sort_values(
        ["pair", "relative_session"]
    )
    days["expected"] = days["k"] * days["alpha"] + days["beta"] * days["b"]
    days["deviation"] = days["b"] - days["k"] * days["b_mean"]
    days["return_pct"], days["expected_return_pct"] = 100 * days["r"], 100 * days["expected"]
    days["abnormal_return_pct"] = days["return_pct"] - days["expected_return_pct"]
    cumulated = days.groupby("pair")["abnormal_return_pct"].cumsum()
    days["cumulative_abnormal_return_pct"] = cumulated
    days["prediction_error_pct"] = 100 * _error(days)
    t = days["abnormal_return_pct"] / days["prediction_error_pct"]
    days["standardised_abnormal_return"] = t
    days["p_value"] = student(t.to_numpy(), days["degrees_of_freedom"].to_numpy())
    return days


def _window(days: pd.DataFrame, lines: pd.DataFrame, begin: int, end: int) -> pd.DataFrame:
    inside = days[days["relative_session"].between(begin, end)]
    held = (1 + inside[["r", "expected"]]).groupby(inside["pair"]).prod().reindex(lines.index)
    sums = inside.groupby("pair")[["k", "deviation", "abnormal_return_pct"]].sum()
    window = sums.join(lines).reindex(lines.index)
    last = inside.loc[inside["relative_session"] == end, "pair"]
    is_over = window.index.isin(last)  # CAR and BHAR need the last session of the window
    window["car_pct"] = window["abnormal_return_pct"].where(is_over)
    window["bhar_pct"] = 100 * (held["r"] - held["expected"]).where(is_over)
    window["car_standard_error_pct"] = 100 * _error(window).where(is_over)
    window["car_t"] = window["car_pct"] / window["car_standard_error_pct"]
    window["degrees_of_freedom"] = lines["degrees_of_freedom"]
    freedom = window["degrees_of_freedom"].to_numpy()
    window["p_value"] = student(window["car_t"].to_numpy(), freedom)
    return window


def _table(pairs: pd.DataFrame, values: pd.DataFrame) -> pa.Table:
    labelled = values.merge(pairs[LABELS], left_on="pair", right_index=True)
    return pa.Table.from_pandas(labelled.assign(model="market_model"), preserve_index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
