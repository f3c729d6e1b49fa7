"""The default event study of the recorded bars, computed without the warehouse.

Belongs here: the same definitions as the models, written from the papers with pandas, statsmodels
and numpy: regressions by statsmodels, prediction errors by their covariance matrix. Does not belong
here: anything read from the warehouse, and any formula copied from its SQL.

All returns are fractions. A return over k sessions has k times the mean and the variance of one
(trade-to-trade returns), so regressions are on returns per session with weights k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True)
class Estimation:
    """A fitted model: expected = k * alpha + beta * b, with the covariance of (alpha, beta)."""

    alpha: float
    beta: float
    sigma: float
    observations: int
    degrees_of_freedom: int
    r_squared: float | None
    covariance: np.ndarray


@dataclass(frozen=True)
class Window:
    """A named window of one instrument and model."""

    car: float
    bhar: float
    standard_error: float
    t: float
    p_value: float


@dataclass
class Study:
    """Everything that one instrument and model gives."""

    estimation: Estimation
    days: pd.DataFrame
    windows: dict[str, Window] = field(default_factory=dict)


def fit(model: str, returns: pd.DataFrame) -> Estimation:
    """Fit a model on estimation returns with the columns r, b and k; b may be missing."""
    rows = returns if model == "mean_adjusted" else returns.dropna(subset="b")
    k, r, b = (rows[column].to_numpy(float) for column in ("k", "r", "b"))
    if model == "market_model":
        line = sm.WLS(r / k, sm.add_constant(b / k), weights=k).fit()
        alpha, beta, r_squared = line.params[0], line.params[1], line.rsquared
        covariance = line.cov_params()
    else:
        target = r if model == "mean_adjusted" else r - b
        line = sm.WLS(target / k, np.ones_like(k), weights=k).fit()
        is_mean = model == "mean_adjusted"
        alpha, beta, r_squared = (line.params[0], 0.0, None) if is_mean else (0.0, 1.0, None)
        covariance = np.zeros((2, 2))
        covariance[0, 0] = line.cov_params()[0, 0] if is_mean else 0.0
    return Estimation(
        alpha, beta, line.mse_resid**0.5, len(rows), int(line.df_resid), r_squared, covariance
    )


def study(
    model: str,
    estimation: pd.DataFrame,
    event: pd.DataFrame,
    windows: Mapping[str, tuple[int, int]],
    return_type: str = "simple",
) -> Study:
    """Study one instrument; `event` is indexed by relative session, with the columns r, b and k."""
    fitted = fit(model, estimation)
    days = event.copy() if model == "mean_adjusted" else event.dropna(subset="b").copy()
    design = np.column_stack([days["k"], days["b"] if model != "mean_adjusted" else days["k"] * 0])
    days["expected"] = design @ [fitted.alpha, fitted.beta]
    days["ar"] = days["r"] - days["expected"]
    # the errors of the sessions are independent, the error of the line is common to all of them
    errors = fitted.sigma**2 * np.diag(days["k"]) + design @ fitted.covariance @ design.T
    days["standard_error"] = np.sqrt(np.diag(errors))
    days["sar"] = days["ar"] / days["standard_error"]
    days["p_value"] = 2 * stats.t.sf(days["sar"].abs(), fitted.degrees_of_freedom)
    result = Study(fitted, days)
    for name, (first, last) in windows.items():
        inside = ((days.index >= first) & (days.index <= last)).astype(float)
        if last not in days.index:
            continue
        window = days[inside == 1]
        held = [
            np.exp(window[column].sum()) if return_type == "log" else (1 + window[column]).prod()
            for column in ("r", "expected")
        ]
        error = float(np.sqrt(inside @ errors @ inside))
        t = float(inside @ days["ar"]) / error
        result.windows[name] = Window(
            car=float(inside @ days["ar"]),
            bhar=held[0] - held[1],
            standard_error=error,
            t=t,
            p_value=float(2 * stats.t.sf(abs(t), fitted.degrees_of_freedom)),
        )
    return result


def group_tests(members: list[tuple[float, float, int]]) -> dict[str, tuple[float, float]]:
    """Return statistic and p-value by test, of (CAR, standardised CAR, degrees of freedom)."""
    car, scar, degrees = (np.array(column, float) for column in zip(*members, strict=True))
    z = scar.sum() / np.sqrt((degrees / (degrees - 2)).sum())
    found = {"patell_z": (float(z), float(2 * stats.norm.sf(abs(z))))}
    if len(members) > 1:
        for name, values in (("cross_sectional_t", car), ("bmp_t", scar)):
            answer = stats.ttest_1samp(values, 0.0)
            found[name] = (float(answer.statistic), float(answer.pvalue))
    return found


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "reference" / f"{name}.csv", dtype=str, keep_default_na=False)


def usable_bars() -> dict[str, pd.DataFrame]:
    """Return each instrument's usable closes and dividends by session date, corrections applied."""
    recorded = pd.read_parquet(DATA / "recorded" / "daily_bars.parquet")
    recorded["session_date"] = pd.to_datetime(recorded["session_date"])
    corrections = _table("price_corrections")
    bars = {}
    for symbol, unsorted in recorded.groupby("symbol"):
        rows = unsorted.sort_values("session_date").set_index("session_date")
        repeats = rows[["open", "high", "low"]].apply(lambda part, c=rows["close"]: part.eq(c))
        unmoved = rows["close"].eq(rows["close"].shift())
        absent = rows[["open", "high", "low"]].isna()
        stale = rows["volume"].eq(0) & unmoved & (repeats | absent).all(axis=1)
        closes = rows["close"].mask(stale)
        for row in corrections[corrections["symbol"] == symbol].itertuples():
            if row.field == "close" and stale[row.session_date]:
                closes[row.session_date] = float(row.value)
        bars[symbol] = pd.DataFrame({"close": closes, "dividend": rows["dividend"]}).dropna()
    return bars


def trade_to_trade(bars: pd.DataFrame, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the total returns between usable closes: position, previous date, k, r."""
    bars = bars[bars.index.isin(sessions)]
    position = pd.Series(sessions.get_indexer(bars.index), bars.index)
    return pd.DataFrame(
        {
            "position": position,
            "previous": bars.index.to_series().shift(),
            "k": position.diff(),
            "r": (bars["close"] + bars["dividend"]) / bars["close"].shift() - 1,
        }
    ).dropna()


def recorded_studies() -> dict[tuple[str, str], Study]:
    """Return the default study of the recorded event, by symbol and model."""
    import exchange_calendars as xcals

    event, parameters = _table("events").iloc[0], _table("studies").set_index("study_id")
    wanted: Any = parameters.loc["default"]
    windows = {}
    for bounds in wanted.windows.split():
        first, last = (int(part) for part in bounds.split(":"))
        windows[f"[{first:+d},{last:+d}]".replace("+0", "0").replace("-0,", "0,")] = (first, last)
    instruments = _table("instruments").set_index("symbol")
    calendars = {
        row.mic: xcals.get_calendar(row.calendar, start="2019-01-01", end="2026-06-30")
        for row in _table("exchanges").itertuples()
    }
    bars = usable_bars()
    first_estimated = int(wanted.estimation_last) - int(wanted.estimation_sessions) + 1
    studies = {}
    for symbol in _table("event_instruments")["symbol"]:
        calendar = calendars[instruments.loc[symbol, "mic"]]
        benchmark = instruments.loc[symbol, "benchmark_symbol"]
        if symbol not in bars or benchmark not in bars:
            continue
        returns = trade_to_trade(bars[symbol], calendar.sessions)
        total = (1 + trade_to_trade(bars[benchmark], calendar.sessions)["r"]).cumprod()
        first_close = bars[benchmark].index[0]
        total = pd.concat([pd.Series({first_close: 1.0}), total])
        before = total.reindex(returns["previous"]).to_numpy()
        returns["b"] = total.reindex(returns.index) / before - 1
        day_0 = int(calendar.closes.searchsorted(pd.Timestamp(event.announced_at), side="right"))
        returns.index = returns["position"].astype(int) - day_0
        estimated = returns.loc[first_estimated : int(wanted.estimation_last)]
        around = returns.loc[int(wanted.event_window_first) : int(wanted.event_window_last)]
        for model in wanted.models.split():
            studies[symbol, model] = study(model, estimated, around, windows, wanted.return_type)
    return studies
