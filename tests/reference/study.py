"""The event study of one instrument, written from the papers with pandas, statsmodels and numpy.

Belongs here: the models of the normal return, their prediction errors by the covariance matrix of
the fit, and the windows of one instrument. Does not belong here: the recorded bars (recorded.py),
tests over a group (group_statistics.py), and any formula copied from the warehouse's SQL.

All returns are fractions. A return over k sessions has k times the mean and the variance of one
(trade-to-trade returns), so regressions are on returns per session with weights k.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import special, stats
from statsmodels.stats import stattools

BENCHMARK = ("benchmark",)
WITH_SLOPES = ("market_model", "scholes_williams", "multi_factor")


@dataclass(frozen=True)
class Diagnostics:
    """How the n estimation residuals depart from independent normal draws."""

    autocorrelation: float
    durbin_watson: float
    skewness: float
    kurtosis: float
    jarque_bera: float
    jarque_bera_p_value: float


@dataclass(frozen=True)
class Estimation:
    """A fitted model: expected = k * alpha + x @ loadings, of p factors.

    Attributes:
        beta: the loading of the benchmark; None where several factors make it no single number.
        loadings: shape (p,).
        covariance: shape (1 + p, 1 + p), of alpha and the loadings.
        residuals: n rows, indexed by relative session, with the columns k and a.
        diagnostics: None where the residuals do not vary.
    """

    alpha: float
    beta: float | None
    sigma: float
    observations: int
    degrees_of_freedom: int
    r_squared: float | None
    loadings: np.ndarray
    covariance: np.ndarray
    residuals: pd.DataFrame
    diagnostics: Diagnostics | None


@dataclass(frozen=True)
class Window:
    """A named window of one instrument and model; t is NaN where the standard error is 0."""

    first: int
    last: int
    car: float
    bhar: float
    standard_error: float
    t: float
    p_value: float
    uncorrected_t: float
    uncorrected_p_value: float


@dataclass
class Study:
    """Everything that one instrument and model gives."""

    estimation: Estimation
    days: pd.DataFrame
    windows: dict[str, Window] = field(default_factory=dict)


def student_p(t: float, degrees_of_freedom: float) -> float:
    """Return P(|T| > |t|); scipy's `sf` has fewer digits than the beta function near t = 0."""
    if abs(t) < 1:
        share = t * t / (degrees_of_freedom + t * t)
        return float(1 - special.betainc(0.5, degrees_of_freedom / 2, share))
    return float(2 * stats.t.sf(abs(t), degrees_of_freedom))


def regressors(model: str, factors: Sequence[str] = BENCHMARK) -> list[str]:
    """Return the p columns of a returns frame that the model's expectation rests on."""
    if model == "mean_adjusted":
        return []
    named = factors if model == "multi_factor" else BENCHMARK
    return ["b" if name == "benchmark" else name for name in named]


def scholes_williams_beta(estimation: pd.DataFrame, around: pd.DataFrame) -> float:
    """Return the beta of Scholes and Williams (1977), equations 16 to 19.

    Args:
        estimation: the returns of the estimation window, n rows.
        around: all returns of the instrument, for the neighbours just outside of the window.
    """
    daily = around[around["k"].eq(1)].dropna(subset="b")
    t = [s for s in estimation.index if {s - 1, s, s + 1} <= set(daily.index)]
    r = daily.loc[t, "r"].to_numpy(float)
    lag, same, lead = (daily.loc[[s + d for s in t], "b"].to_numpy(float) for d in (-1, 0, 1))
    slopes = [stats.linregress(b, r).slope for b in (lag, same, lead)]
    return float(sum(slopes) / (1 + 2 * np.corrcoef(same, lag)[0, 1]))


def diagnose(a: np.ndarray) -> Diagnostics | None:
    """Return the diagnostics of residuals, shape (n,); normality by Jarque and Bera (1980)."""
    if np.ptp(a) == 0:
        return None
    statistic, p_value, skewness, kurtosis = stattools.jarque_bera(a)
    return Diagnostics(
        autocorrelation=float(a[1:] @ a[:-1] / (a @ a)),
        durbin_watson=float(stattools.durbin_watson(a)),
        skewness=float(skewness),
        kurtosis=float(kurtosis),
        jarque_bera=float(statistic),
        jarque_bera_p_value=float(p_value),
    )


def fit(
    model: str,
    returns: pd.DataFrame,
    factors: Sequence[str] = BENCHMARK,
    around: pd.DataFrame | None = None,
) -> Estimation:
    """Fit a model on estimation returns with the columns r, k, b and factors; any may be missing.

    `around` is as in `scholes_williams_beta`, by default the estimation returns themselves.
    """
    columns = regressors(model, factors)
    rows = returns.dropna(subset=columns)
    k, r, x = (rows[part].to_numpy(float) for part in ("k", "r", columns))
    design = np.column_stack([np.ones_like(k), x / k[:, None]])
    line = sm.WLS(r / k, design, weights=k).fit()
    unscaled, lost = line.normalized_cov_params, len(columns) + 1
    alpha, loadings = float(line.params[0]), line.params[1:]
    squares = float((k * (r / k - design @ line.params) ** 2).sum())
    if model == "market_adjusted":
        mean = sm.WLS((r - x[:, 0]) / k, np.ones_like(k), weights=k).fit()
        alpha, loadings, squares, lost = 0.0, np.ones(1), float(mean.ssr), 1
        unscaled = np.zeros((2, 2))
    if model == "scholes_williams":
        loadings = np.array([scholes_williams_beta(rows, returns if around is None else around)])
        alpha = float((r.sum() - loadings[0] * x.sum()) / k.sum())
        squares = float(((r - k * alpha - x @ loadings) ** 2 / k).sum())
    degrees_of_freedom = len(rows) - lost
    # what is left of a perfect fit is rounding
    sigma = (squares / degrees_of_freedom) ** 0.5 if squares > 1e-20 * (r**2 / k).sum() else 0.0
    # element by element, so that equal returns have equal residuals and tie
    a = r - (k * alpha + (x * loadings).sum(axis=1))
    return Estimation(
        alpha=alpha,
        beta={"mean_adjusted": 0.0, "multi_factor": None}.get(model, float(sum(loadings))),
        sigma=sigma,
        observations=len(rows),
        degrees_of_freedom=degrees_of_freedom,
        # of a perfect prediction, 1; of the mean, 0; of a beta far from the least squares, below 0
        r_squared=1 - squares / float(line.centered_tss) if model in WITH_SLOPES else None,
        loadings=loadings,
        covariance=sigma**2 * unscaled,
        residuals=pd.DataFrame({"k": k, "a": a}, rows.index),
        diagnostics=diagnose(a) if sigma > 0 else None,
    )


def study(
    model: str,
    estimation: pd.DataFrame,
    event: pd.DataFrame,
    windows: Mapping[str, tuple[int, int]],
    return_type: str = "simple",
    *,
    factors: Sequence[str] = BENCHMARK,
    around: pd.DataFrame | None = None,
) -> Study:
    """Study one instrument on frames indexed by relative session with columns r, k, b, factors.

    The error of a window is Salinger's (1992): the errors of the sessions are independent, the
    error of the line is common to all of them.
    """
    fitted = fit(model, estimation, factors, around)
    columns = regressors(model, factors)
    days = event.dropna(subset=columns).copy()
    k, x = days["k"].to_numpy(float), days[columns].to_numpy(float)
    days["expected"] = k * fitted.alpha + (x * fitted.loadings).sum(axis=1)
    days["ar"] = days["r"] - days["expected"]
    design = np.column_stack([k, x])
    errors = fitted.sigma**2 * np.diag(k) + design @ fitted.covariance @ design.T
    days["standard_error"] = np.sqrt(np.diag(errors))
    days["sar"] = days["ar"] / days["standard_error"].where(lambda error: error > 0)
    days["uncorrected_t"] = days["ar"] / (fitted.sigma * np.sqrt(k) if fitted.sigma else np.nan)
    for t, p in (("sar", "p_value"), ("uncorrected_t", "uncorrected_p_value")):
        days[p] = [student_p(value, fitted.degrees_of_freedom) for value in days[t]]
    result = Study(fitted, days)
    for name, (first, last) in windows.items():
        observed = event.loc[first:last]
        if last not in observed.index or not observed.index.isin(days.index).all():
            continue
        inside = ((days.index >= first) & (days.index <= last)).astype(float)
        window = days[inside == 1]
        held = [
            np.exp(window[column].sum()) if return_type == "log" else (1 + window[column]).prod()
            for column in ("r", "expected")
        ]
        car, error = float(inside @ days["ar"]), float(np.sqrt(inside @ errors @ inside))
        simple_error = float(fitted.sigma * np.sqrt(inside @ k))
        t, uncorrected = (car / e if e > 0 else np.nan for e in (error, simple_error))
        result.windows[name] = Window(
            first=first,
            last=last,
            car=car,
            bhar=float(held[0] - held[1]),
            standard_error=error,
            t=t,
            p_value=student_p(t, fitted.degrees_of_freedom),
            uncorrected_t=uncorrected,
            uncorrected_p_value=student_p(uncorrected, fitted.degrees_of_freedom),
        )
    return result
