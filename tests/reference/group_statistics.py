"""The 17 tests of one group and model, written from the papers with plain numpy and scipy.

Belongs here: what a group's members say together about one interval, a named window or one day.
The rank tests are in rank_tests.py. Does not belong here: any formula copied from the warehouse's
SQL; where the SQL uses a one-pass identity, this file loops over the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from scipy import stats

from tests.reference.members import Answer, Member, Tests, normal, student, varies
from tests.reference.rank_tests import corrado_z, corrado_zivney_z, generalised_ranks


def one_sample_t(x: np.ndarray) -> Answer | None:
    """Return Student's t of the mean of x, shape (n,), against 0."""
    return student(float(stats.ttest_1samp(x, 0.0).statistic), len(x) - 1) if varies(x) else None


def skewness_adjusted_t(x: np.ndarray) -> Answer | None:
    """Return Johnson's (1978) t of x, shape (n,): Lyon, Barber and Tsai (1999), equation 5."""
    if not varies(x):
        return None
    n, sd = len(x), x.std(ddof=1)
    s, g = x.mean() / sd, ((x - x.mean()) ** 3).sum() / (n * sd**3)
    return student(n**0.5 * (s + g * s**2 / 3 + g / (6 * n)), n - 1)


def by_session(members: Sequence[Member]) -> np.ndarray:
    """Return the estimation residuals, shape (m, T) over the T sessions that anyone has."""
    sessions = sorted({int(t) for member in members for t in member.sessions})
    found = np.full((len(members), len(sessions)), np.nan)
    for row, member in zip(found, members, strict=True):
        row[np.searchsorted(sessions, member.sessions)] = member.residuals
    return found


def time_series_t(caar: float, length: int, series: np.ndarray) -> Answer | None:
    """Return CAAR over `length` sessions by the sd of a group's T estimation residuals.

    Brown and Warner (1980), crude dependence adjustment; (1985), the portfolio's own variance.
    """
    if not varies(series):
        return None
    return student(caar / (series.std(ddof=1) * length**0.5), len(series) - 1)


def mean_pairwise_product(members: Sequence[Member]) -> float | None:
    """Return rbar of Kolari and Pynnonen (2010), the mean over all pairs, one by one."""
    scaled = []
    for member in members:
        d = member.residuals - member.k * member.residuals.sum() / member.k.sum()
        if d @ d == 0:
            return None
        scaled.append(dict(zip(member.sessions, d / (d @ d) ** 0.5, strict=True)))
    products = [
        sum(one[t] * other[t] for t in one if t in other) for one, other in permutations(scaled, 2)
    ]
    return float(np.mean(products)) if products else None


def patell_z(scar: np.ndarray, degrees: np.ndarray) -> Answer | None:
    """Return Patell's (1976) z; a t of df degrees of freedom has the variance df / (df - 2)."""
    if degrees.min() <= 2:
        return None
    return normal(scar.sum() / np.sqrt((degrees / (degrees - 2)).sum()))


def correlation_adjusted(scar: np.ndarray, degrees: np.ndarray, rbar: float | None) -> Tests:
    """Return Patell's and Boehmer's tests as they are and for correlated members.

    Boehmer, Musumeci and Poulsen (1991); Kolari and Pynnonen (2010), equation 11 and its analogue.
    SCAR and degrees have shape (n,)."""
    n, patell, bmp = len(scar), patell_z(scar, degrees), one_sample_t(scar)
    inflation = 1 + (n - 1) * rbar if rbar is not None else 0.0
    found: Tests = {"patell_z": patell, "bmp_t": bmp}
    if rbar is not None and inflation > 0:
        if patell:
            found["patell_adjusted_z"] = normal(patell.statistic / inflation**0.5)
        if bmp and rbar < 1:
            found["bmp_adjusted_t"] = student(
                bmp.statistic * ((1 - rbar) / inflation) ** 0.5, n - 1
            )
    return found


def sign_tests(car: np.ndarray, positive_shares: np.ndarray) -> Tests:
    """Return the sign test (Brown, Warner 1980), Cowan's (1992) and Wilcoxon's signed ranks.

    Both arguments have shape (n,); the shares are of positive estimation residuals.
    """
    n, positive, expected = len(car), int((car > 0).sum()), float(positive_shares.mean())
    found = {"sign_z": normal((positive - n / 2) / (n / 4) ** 0.5)}
    if 0 < expected < 1:
        deviation = (n * expected * (1 - expected)) ** 0.5
        found["generalised_sign_z"] = normal((positive - n * expected) / deviation)
    if (car != 0).any():
        # scipy's z of a two-sided test is that of the smaller sum, so it has lost its sign
        signed = stats.wilcoxon(car, alternative="greater", method="asymptotic", correction=False)
        found["wilcoxon_signed_rank_z"] = normal(float(signed.zstatistic))
    return found


def precision_weighted(car: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
    """Return the fixed-effects mean of CAR, shape (n,), and its z: Hedges and Olkin (1985)."""
    weights = 1 / errors**2
    mean = float(np.average(car, weights=weights))
    return mean, mean * float(weights.sum()) ** 0.5


def summary(members: Sequence[Member], name: str) -> dict[str, float]:
    """Return n, positive, negative, caar and precision_weighted_caar of one interval."""
    counted = [m.intervals[name] for m in members if name in m.intervals]
    counted = [interval for interval in counted if interval.standard_error > 0]
    car, errors = (np.array([i[field] for i in counted]) for field in (2, 4))
    return {
        "n": len(counted),
        "positive": int((car > 0).sum()),
        "negative": int((car < 0).sum()),
        "caar": float(car.mean()),
        "precision_weighted_caar": precision_weighted(car, errors)[0],
    }


def group_statistics(members: Sequence[Member]) -> dict[tuple[str, str], Answer]:
    """Return the answers by (interval name, test); a test without an answer is absent.

    The tests that rest on a time series use every member with a variance; those of an interval use
    the members that complete it.
    """
    studied = [member for member in members if member.sigma > 0]
    if not studied:
        return {}
    residuals = by_session(studied)
    crude, portfolio = np.nansum(residuals, axis=0) / len(studied), np.nanmean(residuals, axis=0)
    rbar = mean_pairwise_product(studied)
    corrado, zivney = corrado_z(studied), corrado_zivney_z(studied)
    answers: dict[tuple[str, str], Answer] = {}
    for name in sorted({name for member in studied for name in member.intervals}):
        counted = [m for m in studied if name in m.intervals and m.intervals[name][4] > 0]
        if not counted:
            continue
        first, last = counted[0].intervals[name][:2]
        car, error = (np.array([m.intervals[name][i] for m in counted], float) for i in (2, 4))
        degrees = np.array([member.degrees_of_freedom for member in counted], float)
        length = last - first + 1
        bhar = [m.intervals[name].bhar for m in counted]
        tests: Tests = {
            "cross_sectional_t": one_sample_t(car),
            "skewness_adjusted_t": skewness_adjusted_t(car),
            "crude_dependence_t": time_series_t(float(car.mean()), length, crude),
            "portfolio_t": time_series_t(float(car.mean()), length, portfolio),
            **correlation_adjusted(car / error, degrees, rbar),
            "corrado_rank_z": corrado(first, last),
            "corrado_zivney_rank_z": zivney(first, last),
            **generalised_ranks(counted, car / error),
            **sign_tests(car, np.array([(m.residuals > 0).mean() for m in counted])),
            "precision_weighted_z": normal(precision_weighted(car, error)[1]),
        }
        if None not in bhar:
            tests["bhar_t"] = one_sample_t(np.array(bhar, float))
        answers |= {(name, test): answer for test, answer in tests.items() if answer}
    return answers
