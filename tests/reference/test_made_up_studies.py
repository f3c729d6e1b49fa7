"""The event-study models on made-up returns: gaps, bad numerics and cases without an answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reference.group_statistics import group_statistics
from tests.reference.members import Member, member_of
from tests.reference.models import ESTIMATIONS, built
from tests.reference.study import Study, study

Rows = list[dict[str, Any]]
Members = dict[tuple[str, str], Study]

WINDOWS = {"[0,0]": (0, 0), "[-1,+1]": (-1, 1), "[0,+5]": (0, 5), "[-10,+10]": (-10, 10)}
MODELS = ("market_model", "market_adjusted", "mean_adjusted")


def made_up(
    seed: int, sessions: int = 300, slope: float = 1.3, noise: float = 0.02
) -> pd.DataFrame:
    """Return ordinary daily returns r on b, indexed by session, without gaps."""
    random = np.random.default_rng(seed)
    b = random.normal(0.0004, 0.01, sessions)
    r = 0.0002 + slope * b + noise * random.standard_t(5, sessions)
    return pd.DataFrame({"r": r, "b": b, "k": 1.0})


def with_gaps(frame: pd.DataFrame, seed: int, share: float, kept: tuple[int, ...]) -> pd.DataFrame:
    """Return the frame with sessions dropped; the return after a gap takes in what was dropped."""
    drop = np.random.default_rng(seed).random(len(frame)) < share
    drop[[*kept, -1]] = False
    groups = pd.Series(~drop, frame.index).shift(fill_value=False).cumsum()
    folded = frame.groupby(groups).sum()
    folded.index = frame.index[~drop]
    return folded


def answers(connection: Any, sql: str) -> list[dict[str, Any]]:
    return connection.execute(sql).df().replace({np.nan: None}).to_dict("records")


FACTORS = ["benchmark", "smb", "hml"]


def factor_returns(seed: int, sessions: int = 320) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.normal(0, 0.006, (sessions, 2)), columns=FACTORS[1:])


def with_factors(frame: pd.DataFrame, factors: pd.DataFrame, return_type: str) -> pd.DataFrame:
    """Return the frame with each factor's return over the sessions that a return spans."""
    levels = np.log1p(factors).cumsum()
    spanned = levels.loc[frame.index].to_numpy() - levels.loc[frame.index - frame["k"]].to_numpy()
    returns = spanned if return_type == "log" else np.expm1(spanned)
    return frame.assign(**dict(zip(FACTORS[1:], returns.T, strict=True)))


@pytest.mark.parametrize("return_type", ["simple", "log"])
@pytest.mark.parametrize("gap_share", [0.0, 0.15])
def test_agrees_with_the_independent_computation(return_type: str, gap_share: float) -> None:
    day_0s = [280, 275, 285, 270, 288]
    frames = {}
    factors = factor_returns(99)
    for seed, day_0 in enumerate(day_0s):
        kept = tuple(day_0 + offset for offset in (0, 1, 5, 10))
        frame = with_gaps(made_up(seed, sessions=301), seed + 50, gap_share, kept)
        frames[f"S{seed}"] = frame[frame.index > 40 * seed]  # late listings: unequal lengths
    frames["S1"].loc[frames["S1"].index[[20, 21, 90]], "b"] = np.nan
    connection = built(
        frames,
        day_0=day_0s,
        return_type=return_type,
        models=f"{' '.join(MODELS)} scholes_williams multi_factor",
        factors=" ".join(FACTORS),
        factor_returns=factors,
    )
    members = {
        (symbol, model): study(
            model,
            relative.loc[-260:-11],
            relative.loc[-10:10],
            WINDOWS,
            return_type,
            factors=FACTORS,
            around=relative,
        )
        for (symbol, frame), day_0 in zip(frames.items(), day_0s, strict=True)
        for relative in [with_factors(frame, factors, return_type).set_axis(frame.index - day_0)]
        for model in (*MODELS, "scholes_williams", "multi_factor")
    }
    _estimations_agree(answers(connection, "from event_estimations"), members)
    _days_agree(answers(connection, "from event_window_returns"), members)
    _windows_agree(answers(connection, "from event_study_results"), members)
    for model in (*MODELS, "scholes_williams", "multi_factor"):
        _groups_agree(
            answers(
                connection,
                f"from event_group_tests where group_name = 'all' and model = '{model}'",
            ),
            [member_of(found) for (_, which), found in members.items() if which == model],
        )


def _estimations_agree(rows: Rows, members: Members) -> None:
    assert {(row["symbol"], row["model"]) for row in rows} == set(members)
    for row in rows:
        line = members[row["symbol"], row["model"]].estimation
        assert row["alpha_pct"] / 100 == pytest.approx(line.alpha, rel=1e-9, abs=1e-15)
        if row["model"] == "multi_factor":
            loadings = json.loads(row["factor_betas"])
            assert list(loadings) == FACTORS
            assert list(loadings.values()) == pytest.approx(list(line.loadings), rel=1e-9)
        else:
            assert row["beta"] == pytest.approx(line.beta, rel=1e-9, abs=0)
        assert row["sigma_pct"] / 100 == pytest.approx(line.sigma, rel=1e-9, abs=0)
        assert row["observations"] == line.observations
        assert row["degrees_of_freedom"] == line.degrees_of_freedom
        assert line.diagnostics is not None
        if row["symbol"] == "S1":
            continue  # its pairs of neighbours skip the sessions without a benchmark
        for name, value in asdict(line.diagnostics).items():
            assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


def _days_agree(rows: Rows, members: Members) -> None:
    assert len(rows) == sum(len(found.days) for found in members.values())
    for row in rows:
        day = members[row["symbol"], row["model"]].days.loc[row["relative_session"]]
        assert row["standardised_abnormal_return"] == pytest.approx(day["sar"], rel=1e-9, abs=1e-12)
        assert row["p_value"] == pytest.approx(day["p_value"], rel=1e-9, abs=0)


def _windows_agree(rows: Rows, members: Members) -> None:
    assert len(rows) == len(members) * len(WINDOWS)
    for row in rows:
        window = members[row["symbol"], row["model"]].windows[row["window_name"]]
        assert row["car_pct"] / 100 == pytest.approx(window.car, rel=1e-9, abs=1e-15)
        assert row["bhar_pct"] / 100 == pytest.approx(window.bhar, rel=1e-9, abs=1e-14)
        assert row["car_t"] == pytest.approx(window.t, rel=1e-9, abs=1e-12)
        assert row["p_value"] == pytest.approx(window.p_value, rel=1e-9, abs=0)
        assert row["uncorrected_t"] == pytest.approx(window.uncorrected_t, rel=1e-9, abs=1e-12)


def _groups_agree(rows: Rows, members: list[Member]) -> None:
    expected = group_statistics(members)
    assert {(row["window_name"], row["test"]) for row in rows} == set(expected)
    assert len({test for _, test in expected}) == 17
    for row in rows:
        answer = expected[row["window_name"], row["test"]]
        label = (row["model"], row["window_name"], row["test"])
        assert row["statistic"] == pytest.approx(answer.statistic, rel=1e-9, abs=1e-12), label
        assert row["p_value"] == pytest.approx(answer.p_value, rel=1e-8, abs=0), label


def exact_line(frame: pd.DataFrame) -> tuple[float, float]:
    """Return slope and sigma of r on b in exact rational arithmetic."""
    r = [Fraction(float(value)) for value in frame["r"]]
    b = [Fraction(float(value)) for value in frame["b"]]
    n = len(r)
    mean_r, mean_b = sum(r) / n, sum(b) / n
    sxx = sum((x - mean_b) ** 2 for x in b)
    sxy = sum((x - mean_b) * (y - mean_r) for x, y in zip(b, r, strict=True))
    slope = sxy / sxx
    squares = sum((y - mean_r - slope * (x - mean_b)) ** 2 for x, y in zip(b, r, strict=True))
    return float(slope), float(squares / (n - 2)) ** 0.5


@pytest.mark.parametrize(
    ("slope", "noise", "wild_at", "wild"),
    [
        (1.3, 0.02, None, None),
        (1.3, 1e-7, None, None),  # R-squared of 1 - 1e-10
        (3.0, 1e-9, None, None),  # R-squared of 1 - 1e-15
        (1.3, 0.02, 5, "r"),  # before the estimation window
        (1.3, 0.02, 5, "b"),
        (1.3, 1e-7, 5, "r"),
        (1.3, 0.02, 100, "r"),  # inside it
        (1.3, 0.02, 100, "b"),
    ],
)
def test_slope_and_sigma_keep_their_digits(
    slope: float, noise: float, wild_at: int | None, wild: str | None
) -> None:
    frame = made_up(7, slope=slope, noise=noise)
    if wild_at is not None:
        frame.loc[wild_at, wild] = 1e6
    connection = built({"S": frame}, day_0=280, models="market_model", until=ESTIMATIONS)
    (found,) = answers(connection, "from int_estimations")
    exact_slope, exact_sigma = exact_line(frame.loc[20:269])
    assert found["beta"] == pytest.approx(exact_slope, rel=1e-13, abs=0)
    assert found["sigma"] == pytest.approx(exact_sigma, rel=1e-10, abs=0)


def test_slope_survives_a_mean_far_from_zero() -> None:
    frame = made_up(7)
    frame["b"] += 1e4
    connection = built({"S": frame}, day_0=280, models="market_model", until=ESTIMATIONS)
    (found,) = answers(connection, "from int_estimations")
    exact_slope, exact_sigma = exact_line(frame.loc[20:269])
    assert found["beta"] == pytest.approx(exact_slope, rel=1e-9, abs=0)
    assert found["sigma"] == pytest.approx(exact_sigma, rel=1e-9, abs=0)


def test_a_missing_benchmark_before_the_window_changes_nothing() -> None:
    frame = made_up(3)
    cut = frame.copy()
    cut.loc[:19, "b"] = np.nan
    found = [
        answers(built({"S": each}, day_0=280, until=ESTIMATIONS), "from int_estimations order by 2")
        for each in (frame, cut)
    ]
    assert found[0] == found[1]


def test_what_cannot_be_tested_says_why() -> None:
    copies = made_up(6).assign(r=lambda frame: frame["b"])
    copies["r"] += np.random.default_rng(0).normal(0, 1e-17, len(copies))  # rounding
    unmoved = made_up(6).assign(r=0.0)
    unpaired = made_up(6)
    unpaired.loc[284, "b"] = np.nan
    frames = {"COPY": copies, "UNMOVED": unmoved, "UNPAIRED": unpaired}
    connection = built(frames, day_0=280, last_index=287)
    reasons = {
        (row["symbol"], row["model"], row["window_name"]): row["null_reason"]
        for row in answers(connection, "from event_study_results")
    }
    flat = "no variance in the estimation window"
    assert reasons["COPY", "market_model", "[0,0]"] == flat
    assert reasons["COPY", "market_adjusted", "[0,0]"] == flat
    assert reasons["COPY", "mean_adjusted", "[0,0]"] is None
    assert reasons["UNMOVED", "mean_adjusted", "[-1,+1]"] == flat
    assert reasons["UNMOVED", "market_adjusted", "[-1,+1]"] is None
    assert reasons["UNPAIRED", "market_model", "[0,+5]"] == (
        "no benchmark return for a session of the window"
    )
    assert reasons["UNPAIRED", "mean_adjusted", "[0,+5]"] is None
    assert {reason for key, reason in reasons.items() if key[2] == "[-10,+10]"} == {
        "window not over"
    }
    for table, column in (("event_study_results", "car_t"), ("event_group_tests", "statistic")):
        wrong = f"({column} is null) <> (null_reason is not null) or not isfinite({column})"
        assert answers(connection, f"from {table} where {wrong}") == []


def test_a_group_of_one_has_no_cross_section() -> None:
    connection = built({"S": made_up(8)}, day_0=280)
    rows = answers(
        connection,
        "select distinct test, null_reason from event_group_tests where statistic is null",
    )
    assert {row["null_reason"] for row in rows} == {"one member has no cross-sectional variance"}
    assert {row["test"] for row in rows} == {
        "bhar_t",
        "bmp_adjusted_t",
        "bmp_t",
        "cross_sectional_t",
        "grank_t",
        "grank_z",
        "patell_adjusted_z",
        "skewness_adjusted_t",
    }


def test_members_that_are_all_alike_have_no_spread() -> None:
    """Ties everywhere: what rests on a spread has no answer, and nothing is infinite or NaN."""
    frames = {symbol: made_up(8) for symbol in ("A", "B", "C")}
    connection = built(frames, day_0=280, models="market_model")
    rows = answers(connection, "from event_group_tests where window_name = '[0,0]'")
    assert {row["test"] for row in rows if row["statistic"] is None} == {
        "bhar_t",
        "bmp_adjusted_t",
        "bmp_t",
        "cross_sectional_t",
        "grank_t",
        "grank_z",
        "skewness_adjusted_t",
    }
    assert all((row["statistic"] is None) == (row["null_reason"] is not None) for row in rows)
    (spread,) = answers(
        connection, "select avg(mean_correlation) as mean_correlation from int_group_dependence"
    )
    assert spread["mean_correlation"] == pytest.approx(1.0, rel=1e-12)


def test_the_order_of_the_events_changes_nothing() -> None:
    frames = {f"S{seed}": made_up(seed) for seed in range(4)}
    forward = built(frames, day_0=280)
    backward = built(dict(reversed(frames.items())), day_0=280)
    for mart, key in (
        ("event_study_results", "event_study_result_id"),
        ("event_group_tests", "event_group_test_id"),
    ):
        sql = f"select * exclude ({key}) from {mart} order by {key}"
        for one, other in zip(answers(forward, sql), answers(backward, sql), strict=True):
            for name, value in one.items():
                if isinstance(value, float):
                    assert value == pytest.approx(other[name], rel=1e-11, abs=1e-13), one
                else:
                    assert value == other[name], one


def test_only_the_tests_that_a_study_names_are_made() -> None:
    frames = {f"S{seed}": made_up(seed) for seed in range(3)}
    connection = built(frames, day_0=280, tests="bmp_t patell_z")
    found = answers(connection, "select distinct test from event_group_tests order by test")
    assert [row["test"] for row in found] == ["bmp_t", "patell_z"]
    assert answers(connection, "select count(*) as n from int_rank_series") == [{"n": 0}]
    assert answers(connection, "select count(*) as n from int_group_series") == [{"n": 0}]


def test_the_smallest_sample_that_a_study_may_ask_for() -> None:
    """Three observations leave the market model one degree of freedom and Patell no variance."""
    frames = {"A": made_up(9), "B": made_up(10)}
    connection = built(frames, day_0=280, estimation=(-13, -11), models="market_model")
    for row in answers(connection, "from event_study_results"):
        assert row["degrees_of_freedom"] == 1
        assert 0 < row["p_value"] < 1
    patell = answers(connection, "from event_group_tests where test = 'patell_z'")
    assert {row["null_reason"] for row in patell} == {
        "a member has fewer than 3 degrees of freedom"
    }
