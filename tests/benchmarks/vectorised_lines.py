"""The fitted lines of the vectorised rival, all estimation windows of a batch at once.

Belongs here: the three models of one line and their prediction errors. Does not belong here: what
is made of them in the event window (vectorised.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.panel import Returns, Slices


@dataclass(frozen=True)
class Lines:
    """A fitted line for each pair and what its errors need."""

    alpha: np.ndarray
    beta: np.ndarray
    sigma: np.ndarray
    freedom: np.ndarray
    alpha_uncertainty: np.ndarray
    beta_uncertainty: np.ndarray
    benchmark_mean: np.ndarray

    def error(self, k: np.ndarray, deviation: np.ndarray) -> np.ndarray:
        """Return the prediction error of returns over k sessions."""
        with_alpha = k * k * self.alpha_uncertainty[:, None]
        with_beta = deviation * deviation * self.beta_uncertainty[:, None]
        error: np.ndarray = self.sigma[:, None] * np.sqrt(k + with_alpha + with_beta)
        return error


def fits(returns: Returns, cut: Slices, models: list[str]) -> dict[str, Lines]:
    """Fit each model to each pair's estimation window, weights 1 / k, in two passes."""
    k, r, b = (values[cut.rows] for values in (returns.k, returns.r, returns.b))
    sessions, nothing = cut.total(k), np.zeros(len(cut.low))
    return_mean, benchmark_mean = cut.total(r) / sessions, cut.total(b) / sessions
    r -= k * return_mean[cut.owner]
    b -= k * benchmark_mean[cut.owner]
    squares = cut.total(b * b / k)
    slope = cut.total(r * b / k) / squares
    lines = {}
    for model in models:
        beta = {"market_model": slope, "market_adjusted": nothing + 1}.get(model, nothing)
        residual = r - beta[cut.owner] * b
        freedom = cut.length - (2.0 if model == "market_model" else 1.0)
        lines[model] = Lines(
            alpha=nothing if model == "market_adjusted" else return_mean - beta * benchmark_mean,
            beta=beta,
            sigma=np.sqrt(cut.total(residual * residual / k) / freedom),
            freedom=freedom,
            alpha_uncertainty=nothing if model == "market_adjusted" else 1 / sessions,
            beta_uncertainty=1 / squares if model == "market_model" else nothing,
            benchmark_mean=benchmark_mean,
        )
    return lines
