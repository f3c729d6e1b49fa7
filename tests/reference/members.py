"""The members of a group, as the tests of group_statistics.py and rank_tests.py take them.

Belongs here: the arrays of one member, and turning a statistic into an answer. Does not belong
here: a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from tests.reference.study import Study, student_p

SMALLEST_SPREAD = 1e-12  # of the values; below, members differ by rounding only


class Answer(NamedTuple):
    """A test statistic with its two-sided p-value; a normal one has no degrees of freedom."""

    statistic: float
    p_value: float
    degrees_of_freedom: int | None


class Interval(NamedTuple):
    """What one member says about sessions first to last; a single day has no BHAR."""

    first: int
    last: int
    car: float
    bhar: float | None
    standard_error: float


@dataclass(frozen=True)
class Member:
    """One instrument of one event in a group, under one model.

    Attributes:
        sessions: relative sessions of the n estimation returns, shape (n,); also k and residuals.
        event_sessions: relative sessions of the e abnormal returns, shape (e,); also abnormal
            and errors, their prediction errors.
        intervals: by name; one that the member does not complete is absent.
    """

    sessions: np.ndarray
    k: np.ndarray
    residuals: np.ndarray
    sigma: float
    degrees_of_freedom: int
    event_sessions: np.ndarray
    abnormal: np.ndarray
    errors: np.ndarray
    intervals: Mapping[str, Interval]


Tests = dict[str, Answer | None]


def day_name(session: int) -> str:
    """Return the name of the window that is one session, as `[-3,-3]`."""
    text = f"{session:+d}" if session else "0"
    return f"[{text},{text}]"


def member_of(study: Study) -> Member:
    """Return a studied instrument as a member; its named windows and its days are intervals."""
    days, line = study.days, study.estimation
    intervals = {
        day_name(session): Interval(session, session, ar, None, error)
        for session, ar, error in zip(days.index, days["ar"], days["standard_error"], strict=True)
    }
    for name, window in study.windows.items():
        intervals[name] = Interval(
            window.first, window.last, window.car, window.bhar, window.standard_error
        )
    return Member(
        sessions=line.residuals.index.to_numpy(int),
        k=line.residuals["k"].to_numpy(float),
        residuals=line.residuals["a"].to_numpy(float),
        sigma=line.sigma,
        degrees_of_freedom=line.degrees_of_freedom,
        event_sessions=days.index.to_numpy(int),
        abnormal=days["ar"].to_numpy(float),
        errors=days["standard_error"].to_numpy(float),
        intervals=intervals,
    )


def student(t: float, degrees_of_freedom: int) -> Answer | None:
    """Return t as an answer, or None where it is no number."""
    if not np.isfinite(t) or degrees_of_freedom < 1:
        return None
    return Answer(float(t), student_p(float(t), degrees_of_freedom), int(degrees_of_freedom))


def normal(z: float) -> Answer | None:
    """Return z as an answer, or None where it is no number."""
    if not np.isfinite(z):
        return None
    return Answer(float(z), float(2 * stats.norm.sf(abs(z))), None)


def varies(x: np.ndarray) -> bool:
    """Whether the values, shape (n,), differ by more than rounding."""
    return len(x) > 1 and float(np.ptp(x)) > SMALLEST_SPREAD * float(np.abs(x).max())
