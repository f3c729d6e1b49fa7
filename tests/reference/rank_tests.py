"""The rank tests of one group and model, with the ranks by scipy.

Belongs here: Corrado (1989), Corrado and Zivney (1992), Kolari and Pynnonen (2011). Does not belong
here: any formula copied from the warehouse's SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from tests.reference.members import Answer, Member, Tests, normal, student, varies

OfInterval = Callable[[int, int], Answer | None]


def centred_ranks(values: np.ndarray) -> np.ndarray:
    """Return rank / (M + 1) - 1/2 of M values, equal ones sharing the mean of their ranks."""
    return stats.rankdata(values) / (len(values) + 1) - 0.5


def _rank_z(members: Sequence[Member], values: Sequence[np.ndarray]) -> OfInterval:
    """Return the rank statistic of an interval, with Corrado and Zivney's (1992) missing days.

    Args:
        members: m of them.
        values: of each, the n estimation values, then the e event values, shape (n + e,).
    """
    scores: dict[int, list[float]] = {}
    for member, ranked in zip(members, values, strict=True):
        sessions = [*member.sessions, *member.event_sessions]
        for t, u in zip(sessions, centred_ranks(ranked), strict=True):
            scores.setdefault(int(t), []).append(float(u))
    v = {t: sum(found) / len(found) ** 0.5 for t, found in scores.items()}
    deviation = np.mean([value**2 for value in v.values()]) ** 0.5

    def of_interval(first: int, last: int) -> Answer | None:
        if deviation == 0:
            return None
        total = sum(v.get(t, 0.0) for t in range(first, last + 1))
        return normal(total / (deviation * (last - first + 1) ** 0.5))

    return of_interval


def corrado_z(members: Sequence[Member]) -> OfInterval:
    """Return Corrado's (1989) rank statistic of abnormal returns."""
    return _rank_z(members, [np.concatenate([m.residuals, m.abnormal]) for m in members])


def corrado_zivney_z(members: Sequence[Member]) -> OfInterval:
    """Return Corrado and Zivney's (1992) rank statistic of standardised abnormal returns.

    An event day's values are also divided by their sd over the group, so that an event that only
    raises the variance does not look like one that moves the mean.
    """
    days: dict[int, list[float]] = {}
    for member in members:
        for t, value in zip(member.event_sessions, member.abnormal / member.errors, strict=True):
            days.setdefault(int(t), []).append(float(value))
    spread = {
        t: float(np.std(found, ddof=1)) if varies(np.array(found)) else 1.0
        for t, found in days.items()
    }
    values = []
    for member in members:
        estimation = member.residuals / (member.sigma * np.sqrt(member.k))
        divisor = np.array([spread[int(t)] for t in member.event_sessions])
        values.append(np.concatenate([estimation, member.abnormal / member.errors / divisor]))
    return _rank_z(members, values)


def generalised_ranks(members: Sequence[Member], scar: np.ndarray) -> Tests:
    """Return the t and z of Kolari and Pynnonen's (2011) generalised ranks.

    Args:
        members: the n members of an interval.
        scar: their standardised CARs, shape (n,); one more point after the estimation window.
    """
    if not varies(scar):
        return {}
    n, event, lengths = len(members), "event", []
    scores: dict[object, list[float]] = {event: []}
    for member, value in zip(members, scar / scar.std(ddof=1), strict=True):
        ranked = np.append(member.residuals / (member.sigma * np.sqrt(member.k)), value)
        lengths.append(len(ranked))
        for t, u in zip([*member.sessions, event], centred_ranks(ranked), strict=True):
            scores.setdefault(t, []).append(float(u))
    points = len(scores)
    squares = sum(len(found) / n * np.mean(found) ** 2 for found in scores.values())
    mean = float(np.mean(scores[event]))
    variance = sum((t - 1) / (12 * (t + 1)) for t in lengths) / n**2
    found: Tests = {"grank_z": normal(mean / variance**0.5)} if variance > 0 else {}
    z = mean / (squares / points) ** 0.5 if squares > 0 else np.inf
    if points - 1 > z**2:
        t_value = z * ((points - 2) / (points - 1 - z**2)) ** 0.5
        found["grank_t"] = student(t_value, points - 2)
    return found
