"""The independent reference itself, on cases that are worked by hand or published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from tests.reference.group_statistics import (
    by_session,
    correlation_adjusted,
    group_statistics,
    mean_pairwise_product,
    one_sample_t,
    patell_z,
    precision_weighted,
    sign_tests,
    skewness_adjusted_t,
    summary,
    time_series_t,
)
from tests.reference.members import Answer, Interval, Member, member_of, normal, student
from tests.reference.rank_tests import corrado_z, corrado_zivney_z, generalised_ranks
from tests.reference.study import Study, diagnose, fit, scholes_williams_beta, study

ON_DAY_0 = {"[0,0]": (0, 0)}
# Darwin's pairs of crossed and self-fertilised plants, in eighths of an inch; Fisher (1935)
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def member(
    residuals: Sequence[float],
    abnormal: float = 1.0,
    *,
    sigma: float = 1.0,
    error: float = 1.0,
    k: Sequence[float] | None = None,
    first: int | None = None,
    degrees_of_freedom: int = 10,
) -> Member:
    """Return a member with residuals up to session -1, or from `first` on, and a day 0."""
    start = -len(residuals) if first is None else first
    return Member(
        sessions=np.arange(start, start + len(residuals)),
        k=np.ones(len(residuals)) if k is None else np.array(k, float),
        residuals=np.array(residuals, float),
        sigma=sigma,
        degrees_of_freedom=degrees_of_freedom,
        event_sessions=np.array([0]),
        abnormal=np.array([abnormal]),
        errors=np.array([error]),
        intervals={"[0,0]": Interval(0, 0, abnormal, abnormal, error)},
    )


def statistic(answer: Answer | None) -> float:
    assert answer is not None
    return answer.statistic


def test_answers_are_two_sided() -> None:
    assert normal(-1.959963984540054) == pytest.approx((-1.959963984540054, 0.05, None))
    assert student(1.0, 1) == pytest.approx((1.0, 0.5, 1))  # Cauchy: atan(1) is an eighth turn
    assert student(-12.706204736174694, 1) == pytest.approx((-12.706204736174694, 0.05, 1))
    assert student(1.0, 0) is None
    assert normal(np.nan) is None
    assert student(np.inf, 5) is None


def test_tests_of_the_mean() -> None:
    x = np.array([0.0, 0.0, 0.0, 4.0])  # mean 1, sd 2, S = 1/2, g = (-3 + 27) / (4 * 8) = 3/4
    assert one_sample_t(x) == pytest.approx((1.0, 0.39100221895577053, 3))
    # sqrt 4 * (1/2 + 3/4 * 1/4 / 3 + 3/4 / 24)
    assert statistic(skewness_adjusted_t(x)) == pytest.approx(1.1875)
    symmetric = np.array([1.0, 2.0, 3.0])
    assert skewness_adjusted_t(symmetric) == pytest.approx(one_sample_t(symmetric))
    for degenerate in (np.array([0.1]), np.array([0.1, 0.1, 0.1])):
        assert one_sample_t(degenerate) is None
        assert skewness_adjusted_t(degenerate) is None


def test_time_series_of_a_group_with_a_late_member() -> None:
    group = [member([2, -2, -2], 2.0), member([0, 2], 4.0)]
    assert by_session(group) == pytest.approx(
        np.array([[2, -2, -2], [np.nan, 0, 2]], float), nan_ok=True
    )
    answers = group_statistics(group)
    # sums over both members: 1, -1, 0 has mean 0 and sd 1; over those who are there: 2, -1, 0
    assert answers["[0,0]", "crude_dependence_t"] == pytest.approx((3.0, 0.0954659662667, 2))
    assert statistic(answers["[0,0]", "portfolio_t"]) == pytest.approx(3 / (7 / 3) ** 0.5)
    assert statistic(time_series_t(3.0, 9, np.array([1.0, -1.0, 0.0]))) == pytest.approx(1.0)
    assert time_series_t(3.0, 1, np.array([1.0])) is None
    assert time_series_t(3.0, 1, np.array([1.0, 1.0])) is None


def test_mean_pairwise_product() -> None:
    up, down = member([1, -1]), member([-1, 1])
    assert mean_pairwise_product([up, up]) == pytest.approx(1)
    assert mean_pairwise_product([up, down]) == pytest.approx(-1)
    assert mean_pairwise_product([up, up, down]) == pytest.approx(-1 / 3)
    # one common session, on which both are 1 / sqrt 2 from 0, with opposite signs
    assert mean_pairwise_product([up, member([1, -1], first=-3)]) == pytest.approx(-1 / 2)
    assert mean_pairwise_product([up, member([1, -1], first=-9)]) == 0
    # three sessions' return of 4 - 3 * 6/4 and one session's of 2 - 6/4 are -1/2 and 1/2
    assert mean_pairwise_product([up, member([4, 2], k=[3, 1])]) == pytest.approx(-1)
    assert mean_pairwise_product([up]) is None
    assert mean_pairwise_product([up, member([1, 3], k=[1, 3])]) is None


def test_mean_pairwise_product_has_a_one_pass_form() -> None:
    """Its definition by pairs and (sum of the squared session sums - m) / (m (m - 1)) agree."""
    random = np.random.default_rng(1)
    group = [
        member(random.normal(size=n), first=-n - int(random.integers(0, 9)))
        for n in random.integers(20, 60, 7)
    ]
    sums: dict[int, float] = {}
    for each in group:
        d = each.residuals - each.residuals.mean()
        for t, z in zip(each.sessions, d / np.linalg.norm(d), strict=True):
            sums[t] = sums.get(t, 0.0) + z
    one_pass = (sum(value**2 for value in sums.values()) - 7) / (7 * 6)
    assert mean_pairwise_product(group) == pytest.approx(one_pass, rel=1e-12)


def test_standardised_tests_and_their_correlation() -> None:
    scar, degrees = np.array([1.0, 2.0, 3.0]), np.array([4.0, 4.0, 4.0])
    # each has the variance 4 / 2; the mean is 2 and the sd 1
    expected = {"patell_z": 6**0.5, "bmp_t": 12**0.5}
    for rbar, factors in {
        0.0: (1.0, 1.0),
        0.5: (0.5**0.5, 0.5),  # 1 + 2 * 1/2 = 2; (1 - 1/2) / 2 = 1/4
        -0.25: (2**0.5, 2.5**0.5),
    }.items():
        found = correlation_adjusted(scar, degrees, rbar)
        assert {name: statistic(found[name]) for name in expected} == pytest.approx(expected)
        adjusted = [statistic(found[name]) for name in ("patell_adjusted_z", "bmp_adjusted_t")]
        assert adjusted == pytest.approx([6**0.5 * factors[0], 12**0.5 * factors[1]])
    for impossible in (None, -0.5, -0.9):
        assert set(correlation_adjusted(scar, degrees, impossible)) == {"patell_z", "bmp_t"}
    assert patell_z(scar, np.array([4.0, 4.0, 2.0])) is None


def test_corrado_ranks_of_one_member() -> None:
    # ranks 3, 1, 2, 4 of 4: 0.1, -0.3, -0.1, 0.3, whose mean square is 0.05
    of_interval = corrado_z([member([3, 1, 2], 4)])
    assert statistic(of_interval(0, 0)) == pytest.approx(3 / 5**0.5)
    assert statistic(of_interval(-1, 0)) == pytest.approx(0.2 / (0.05 * 2) ** 0.5)
    # ranks 1.5, 1.5, 3 of 3: -1/8, -1/8, 1/4
    tied = corrado_z([member([1, 1], 2)])
    assert statistic(tied(0, 0)) == pytest.approx(2**0.5)
    assert corrado_z([member([1, 1], 1)])(0, 0) is None


def test_corrado_ranks_with_missing_days() -> None:
    # the second has the ranks 1 and 2 of 2: -1/6 and 1/6; the sums over sqrt N are
    # 1/10, -3/10, -4/15 / sqrt 2, 7/15 / sqrt 2, whose mean square is 11/180
    of_interval = corrado_z([member([3, 1, 2], 4), member([1], 2)])
    assert statistic(of_interval(0, 0)) == pytest.approx(7 / 15 / 2**0.5 / (11 / 180) ** 0.5)


def test_standardised_ranks_take_out_the_raised_variance() -> None:
    # the day's 2 and 6 have the sd 4 / sqrt 2 and become 0.71 and 2.12: ranks 3 of 4 and 4 of 4
    group = [member([0.5, 1, -1], 2), member([0.5, 1, -1], 6)]
    # sums -0.2, 0.4, -0.6, 0.4 over sqrt 2, whose mean square is 0.09
    assert statistic(corrado_zivney_z(group)(0, 0)) == pytest.approx(0.4 / 2**0.5 / 0.3)
    # without: ranks 4 and 4, sums -0.2, 0.2, -0.6, 0.6
    assert statistic(corrado_z(group)(0, 0)) == pytest.approx(0.6 / 0.2**0.5)
    # a return over 4 sessions has twice the deviation; alone, a day is not rescaled
    lone = member([1.5, 1], 2, sigma=0.5, error=1.0, k=[4, 1])  # 1.5, 2, 2: -1/4, 1/8, 1/8
    assert statistic(corrado_zivney_z([lone])(0, 0)) == pytest.approx(0.5**0.5)


def test_generalised_ranks() -> None:
    group = [member([0.5, 1, -1], 2), member([0.5, 1, -1], 6)]
    found = generalised_ranks(group, np.array([2.0, 6.0]))
    # as above: means -0.1, 0.2, -0.3 and 0.2, whose mean square is 0.045
    z = 0.2 / 0.045**0.5
    assert found["grank_t"] is not None
    assert found["grank_t"].degrees_of_freedom == 2
    assert statistic(found["grank_t"]) == pytest.approx(z * (2 / (3 - z**2)) ** 0.5)
    # one of four ranks in fifths has the variance 1/20
    assert np.var([-0.3, -0.1, 0.1, 0.3]) == pytest.approx(1 / 20)
    assert statistic(found["grank_z"]) == pytest.approx(0.2 / (2 / 20 / 4) ** 0.5)
    assert generalised_ranks(group[:1], np.array([2.0])) == {}
    assert generalised_ranks(group, np.array([2.0, 2.0])) == {}


def test_generalised_ranks_weigh_a_session_by_its_members() -> None:
    # the second has the ranks 1 and 2 of 2, the first (1/2, 1, -1 and 0.71) 2, 4, 1, 3 of 4
    group = [member([1, 1, -1], 2, k=[4, 1, 1]), member([-1], 6)]
    found = generalised_ranks(group, np.array([2.0, 6.0]))
    mean = (0.1 + 1 / 6) / 2
    squares = (0.1**2 / 2 + 0.3**2 / 2 + ((0.3 + 1 / 6) / 2) ** 2 + mean**2) / 4
    z = mean / squares**0.5
    assert statistic(found["grank_t"]) == pytest.approx(z * (2 / (3 - z**2)) ** 0.5)
    assert statistic(found["grank_z"]) == pytest.approx(mean / ((1 / 20 + 1 / 36) / 4) ** 0.5)


def test_signs() -> None:
    car = np.array([1.0] * 8 + [-1.0] * 2)
    found = sign_tests(car, np.array([0.3, 0.5] * 5))
    assert statistic(found["sign_z"]) == pytest.approx(3 / 2.5**0.5)
    assert statistic(found["generalised_sign_z"]) == pytest.approx(4 / 2.4**0.5)
    assert "generalised_sign_z" not in sign_tests(car, np.zeros(10))
    assert "wilcoxon_signed_rank_z" not in sign_tests(np.zeros(3), np.full(3, 0.5))


def test_signed_ranks() -> None:
    shares = np.array([0.5])
    # the negative ranks are 14 and 10, so the positive ones sum to 120 - 24
    found = sign_tests(np.array(DARWIN, float), shares)["wilcoxon_signed_rank_z"]
    assert statistic(found) == pytest.approx((96 - 60) / 310**0.5)
    # the zero drops out; ranks 2, 2, -2, 4; variance 4 * 5 * 9 / 24 - (27 - 3) / 48 = 7
    tied = np.array([1.0, 1.0, -1.0, 2.0, 0.0])
    for sign in (1, -1):
        found = sign_tests(sign * tied, shares)["wilcoxon_signed_rank_z"]
        assert statistic(found) == pytest.approx(sign * 3 / 7**0.5)


def test_precision_weights() -> None:
    mean, z = precision_weighted(np.array([1.0, 3.0]), np.array([1.0, 2.0]))
    assert mean == pytest.approx(1.75 / 1.25)
    assert z == pytest.approx(1.75 / 1.25**0.5)


def test_who_counts() -> None:
    """Nobody without a variance counts; who has no complete window counts in the series only."""
    flat = member([0, 0, 0], 5, sigma=0.0, error=0.0)
    absent = Member(**{**vars(member([3, 1, -4])), "intervals": {}})
    group = [member([1, -1, 2], 1), member([1, 2, -3], 3, error=2.0), absent]
    answers = group_statistics([*group, flat])
    assert answers == group_statistics(group)
    assert len(answers) == 17
    assert summary([*group, flat], "[0,0]") == {
        "n": 2,
        "positive": 2,
        "negative": 0,
        "caar": 2.0,
        "precision_weighted_caar": pytest.approx(1.4),
    }
    assert answers["[0,0]", "cross_sectional_t"] == pytest.approx((2.0, 0.2951672353, 1))
    without = group_statistics(group[:2])
    moved = {test for (_, test), answer in answers.items() if without["[0,0]", test] != answer}
    assert moved == {
        "crude_dependence_t",
        "portfolio_t",
        "patell_adjusted_z",
        "bmp_adjusted_t",
        "corrado_rank_z",
        "corrado_zivney_rank_z",
    }
    assert group_statistics([flat]) == {}
    assert group_statistics([]) == {}


def test_a_lone_member_has_no_cross_section() -> None:
    assert {test for _, test in group_statistics([member([1, -1, 2])])} == {
        "crude_dependence_t",
        "portfolio_t",
        "patell_z",
        "corrado_rank_z",
        "corrado_zivney_rank_z",
        "sign_z",
        "generalised_sign_z",
        "wilcoxon_signed_rank_z",
        "precision_weighted_z",
    }


def test_diagnostics() -> None:
    found = diagnose(np.array([1.0, -1.0, 1.0, -1.0]))
    assert found is not None
    assert (found.autocorrelation, found.durbin_watson) == pytest.approx((-3 / 4, 12 / 4))
    assert (found.skewness, found.kurtosis) == pytest.approx((0, 1))
    assert found.jarque_bera == pytest.approx(4 / 6 * (1 - 3) ** 2 / 4)
    assert found.jarque_bera_p_value == pytest.approx(np.exp(-1 / 3))
    assert diagnose(np.zeros(4)) is None


def frame(first: int, **columns: Sequence[float]) -> pd.DataFrame:
    found = pd.DataFrame({name: np.array(values, float) for name, values in columns.items()})
    return found.assign(k=found.get("k", 1.0)).set_index(pd.RangeIndex(first, first + len(found)))


def test_scholes_williams_of_four_sessions() -> None:
    # neighbours before 0, 1, 1, 0 and after 1, 0, 1, 0; slopes -2, 4/3, 2; rho = -1 / sqrt 3
    around = frame(0, r=[9, 4, 0, 0, 0, 9], b=[0, 1, 1, 0, 1, 0])
    inside = around.loc[1:4]
    beta = 4 / 3 / (1 - 2 / 3**0.5)
    assert scholes_williams_beta(inside, around) == pytest.approx(beta)
    line = fit("scholes_williams", inside, around=around)
    assert (line.beta, line.alpha) == pytest.approx((beta, 1 - beta * 3 / 4))
    residuals = inside["r"] - line.alpha - beta * inside["b"]
    assert residuals.sum() == pytest.approx(0)
    assert line.sigma == pytest.approx(((residuals**2).sum() / 2) ** 0.5)
    assert line.r_squared == pytest.approx(1 - (residuals**2).sum() / 12)  # 16 - 4 * 1
    assert (line.observations, line.degrees_of_freedom) == (4, 2)


def test_scholes_williams_needs_daily_neighbours() -> None:
    random = np.random.default_rng(2)
    around = frame(0, r=random.normal(size=40), b=random.normal(size=40))
    whole = scholes_williams_beta(around.loc[1:38], around)
    assert scholes_williams_beta(around, around) == whole
    gap = around.copy()
    gap.loc[0, "k"] = 2.0
    assert scholes_williams_beta(around.loc[2:38], around) == pytest.approx(
        scholes_williams_beta(gap.loc[1:38], gap)
    )
    gap = around.copy()
    gap.loc[20, "b"] = np.nan
    kept = [*range(1, 19), *range(22, 39)]
    assert scholes_williams_beta(around.loc[kept], around) == pytest.approx(
        scholes_williams_beta(gap.loc[1:38], gap)
    )


def of_two_factors() -> Study:
    """Return r = 0.5 + 2 b - 3 size + e with e of length 2 and orthogonal to all of it."""
    b, size = np.array([1, 1, -1, -1]), np.array([1, -1, 1, -1])
    estimation = frame(-4, r=0.5 + 2 * b - 3 * size + b * size, b=b, size=size)
    event = frame(0, r=[2.5, -0.5], b=[1, 1], size=[1, 1])
    windows = ON_DAY_0 | {"[0,+1]": (0, 1)}
    return study("multi_factor", estimation, event, windows, factors=("benchmark", "size"))


def test_two_factors() -> None:
    found = of_two_factors()
    line = found.estimation
    assert (line.alpha, *line.loadings) == pytest.approx((0.5, 2, -3))
    assert line.beta is None
    assert (line.sigma, line.degrees_of_freedom) == pytest.approx((2, 1))
    assert line.r_squared == pytest.approx(52 / 56)  # 4 * 4 + 4 * 9 explained, 4 not
    # expected -0.5: abnormal 3 and 0; errors 2 sqrt(1 + 3/4) for one, 2 sqrt(2 + 4 * 3/4) for both
    assert found.days["ar"].to_numpy() == pytest.approx([3, 0])
    assert found.days["standard_error"].to_numpy() == pytest.approx([7**0.5, 7**0.5])
    both = found.windows["[0,+1]"]
    assert (both.car, both.standard_error) == pytest.approx((3, 20**0.5))
    assert (both.t, both.uncorrected_t) == pytest.approx((3 / 20**0.5, 3 / 8**0.5))
    assert found.days["uncorrected_t"].to_numpy() == pytest.approx([1.5, 0])
    assert both.bhar == pytest.approx(3.5 * 0.5 - 0.5**2)


def test_one_factor_is_the_market_model() -> None:
    random = np.random.default_rng(3)
    k = random.integers(1, 4, 60)
    returns = frame(-60, r=random.normal(size=60), b=random.normal(size=60), k=k)
    event = frame(0, r=[0.1], b=[0.2], k=[2])
    one = study("multi_factor", returns, event, ON_DAY_0)
    line = study("market_model", returns, event, ON_DAY_0)
    assert vars(one.windows["[0,0]"]) == pytest.approx(vars(line.windows["[0,0]"]))
    assert one.estimation.loadings == pytest.approx(line.estimation.beta)


def test_a_study_becomes_a_member() -> None:
    found = member_of(of_two_factors())
    assert list(found.sessions) == [-4, -3, -2, -1]
    assert found.residuals == pytest.approx([1, -1, -1, 1])
    assert set(found.intervals) == {"[0,0]", "[+1,+1]", "[0,+1]"}
    assert found.intervals["[0,0]"] == pytest.approx((0, 0, 3, 3, 7**0.5))
    assert found.intervals["[+1,+1]"].bhar is None
