"""The study command, run as a person runs it, on made-up series with a known abnormal return.

The expected numbers are worked out here with numpy, from the papers' formulas.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import ROOT, Deployment, Finished

SYMBOLS = [f"S{number:02d}" for number in range(12)]
SESSIONS, ESTIMATION, INJECTED = 420, 200, 0.05
STUDY = (
    "return_type,estimation_sessions,estimation_last,minimum_observations,"
    "event_window_first,event_window_last,models,windows,factors\n"
    f"simple,{ESTIMATION},-11,60,-5,5,market_model multi_factor,0:0 -1:1,benchmark smb\n"
)
DAYS = pd.bdate_range("2001-01-01", periods=SESSIONS)


@dataclass(frozen=True)
class World:
    """Made-up series: simple returns by session, and each symbol's day 0."""

    folder: Path
    benchmark: np.ndarray
    factor: np.ndarray
    returns: np.ndarray
    day_0: list[int]

    def abnormal(self, symbol: int, *regressors: np.ndarray) -> np.ndarray:
        """Abnormal returns of one symbol by session, of a line fitted before its event."""
        design = np.column_stack([np.ones(SESSIONS), *regressors])
        last = self.day_0[symbol] - 11
        window = slice(last - ESTIMATION + 1, last + 1)
        line = np.linalg.lstsq(design[window], self.returns[window, symbol], rcond=None)[0]
        return self.returns[:, symbol] - design @ line


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("study")
    random = np.random.default_rng(20250127)
    benchmark = random.normal(0.0005, 0.01, SESSIONS)
    factor = random.normal(0.0, 0.005, SESSIONS)
    returns = 0.8 * benchmark[:, None] + 0.5 * factor[:, None]
    returns = returns + random.normal(0.0, 0.012, (SESSIONS, len(SYMBOLS)))
    # each on a Monday: the event of the first is dated on the Saturday before
    day_0 = [300 + 5 * symbol for symbol in range(len(SYMBOLS))]
    returns[day_0, range(len(SYMBOLS))] += INJECTED
    # the price before the first session is no row: that session has no return
    benchmark[0] = returns[0] = 0.0
    closes = 50 * np.cumprod(1 + returns, axis=0)
    level = 1000 * np.cumprod(1 + benchmark)

    prices = pd.DataFrame(closes, index=DAYS, columns=SYMBOLS).rename_axis("date")
    prices.to_csv(folder / "wide.csv", date_format="%Y-%m-%d")
    long = prices.melt(ignore_index=False, var_name="symbol", value_name="close").reset_index()
    # half a return is paid out: the price falls by what the dividend adds
    paid = (long["symbol"] == "S03") & (long["date"] == DAYS[day_0[3]])
    before = closes[day_0[3] - 1, 3]
    dividend = 0.02 * before
    long["dividend"] = np.where(paid, dividend, np.nan)
    ratio = (closes[day_0[3], 3] - dividend) / closes[day_0[3], 3]
    after = (long["symbol"] == "S03") & (long["date"] >= DAYS[day_0[3]])
    long.loc[after, "close"] *= ratio
    stray = pd.DataFrame({"symbol": ["S05"], "date": [DAYS[0] + pd.Timedelta(5, "D")], "close": 9})
    unused = pd.DataFrame({"symbol": ["ZZ"], "date": [DAYS[0]], "close": 9})
    long = pd.concat([long, stray, unused])[["symbol", "date", "close", "dividend"]]
    long.to_csv(folder / "prices.csv", index=False, date_format="%Y-%m-%d")
    pd.DataFrame({"date": DAYS, "close": level}).to_csv(folder / "benchmark.csv", index=False)
    pd.DataFrame({"date": DAYS, "smb": factor}).to_csv(folder / "factors.csv", index=False)
    dates = [DAYS[position] for position in day_0]
    dates[0] -= pd.Timedelta(2, "D")
    events = pd.DataFrame({"symbol": SYMBOLS, "date": dates})
    events["group"] = np.where(np.arange(len(SYMBOLS)) < 6, "early", "")
    too_early = pd.DataFrame({"symbol": ["S07"], "date": [DAYS[30]], "group": [""]})
    pd.concat([events, too_early]).to_csv(folder / "events.csv", index=False)
    (folder / "study.csv").write_text(STUDY)
    return World(folder, benchmark, factor, returns, day_0)


def arguments(folder: Path, **changed: str) -> list[str]:
    names = {name: str(folder / f"{name}.csv") for name in ("prices", "benchmark", "events")}
    names |= {"study": str(folder / "study.csv"), "factors": str(folder / "factors.csv")}
    return [part for name, value in (names | changed).items() for part in (f"--{name}", value)]


@pytest.fixture(scope="module")
def own(world: World) -> Deployment:
    return Deployment(
        world.folder / "data", ROOT / "data" / "reference", ROOT / "data" / "recorded"
    )


@pytest.fixture(scope="module")
def finished(world: World, own: Deployment) -> Finished:
    done = own.run("study", *arguments(world.folder, out=str(world.folder / "out")))
    assert done.code == 0, done.output
    return done


def mart(world: World, name: str, **wanted: str) -> list[dict[str, str]]:
    with (world.folder / "out" / f"{name}.csv").open(newline="") as lines:
        return [
            row
            for row in csv.DictReader(lines)
            if all(row[column] == value for column, value in wanted.items())
        ]


@pytest.mark.parametrize("model", ["market_model", "multi_factor"])
def test_each_abnormal_return_is_that_of_the_papers_regression(
    world: World, finished: Finished, model: str
) -> None:
    del finished
    for symbol, day_0 in enumerate(world.day_0):
        factors = [world.factor] if model == "multi_factor" else []
        expected = world.abnormal(symbol, world.benchmark, *factors)
        found = mart(
            world, "event_study_results", symbol=SYMBOLS[symbol], model=model, window_name="[-1,+1]"
        )
        assert len(found) == 1
        car = 100 * expected[day_0 - 1 : day_0 + 2].sum()
        assert float(found[0]["car_pct"]) == pytest.approx(car, rel=1e-9)
        assert found[0]["estimation_observations"] == str(ESTIMATION)


def test_the_injected_return_is_found_over_all_events(world: World, finished: Finished) -> None:
    ars = np.array(
        [world.abnormal(symbol, world.benchmark)[day] for symbol, day in enumerate(world.day_0)]
    )
    (row,) = mart(
        world,
        "event_group_tests",
        group_name="all",
        model="market_model",
        window_name="[0,0]",
        test="cross_sectional_t",
    )
    assert (row["event_id"], row["n"]) == ("", str(len(SYMBOLS)))
    assert float(row["caar_pct"]) == pytest.approx(100 * ars.mean(), rel=1e-9)
    statistic = ars.mean() * np.sqrt(len(ars)) / ars.std(ddof=1)
    assert float(row["statistic"]) == pytest.approx(statistic, rel=1e-9)
    # three standard errors of the noise that was added
    assert float(row["caar_pct"]) == pytest.approx(100 * INJECTED, abs=300 * 0.012 / np.sqrt(12))
    assert float(row["p_value"]) < 0.001
    assert f"{100 * ars.mean():+.3f}" in finished.output


def test_groups_are_tested_and_no_row_stands_twice(world: World, finished: Finished) -> None:
    del finished
    rows = mart(world, "event_group_tests")
    assert {row["group_name"] for row in rows} == {"all", "early"}
    assert len({row["event_group_test_id"] for row in rows}) == len(rows)
    early = mart(
        world, "event_group_tests", group_name="early", test="bmp_t", window_name="[-1,+1]"
    )
    assert {row["n"] for row in early} == {"6"}


def test_day_0_is_the_date_or_the_next_session(world: World, finished: Finished) -> None:
    del finished
    for event, position in (("row-1", world.day_0[0]), ("row-2", world.day_0[1])):
        (day,) = {
            row["session_date"]
            for row in mart(world, "event_window_returns", event_id=event, relative_session="0")
        }
        assert day == str(DAYS[position].date())


def test_what_cannot_be_used_is_named(world: World, finished: Finished) -> None:
    (excluded,) = mart(world, "event_exclusions")
    assert (excluded["symbol"], excluded["reason"]) == ("S07", "too_few_observations")
    (stray,) = mart(world, "price_incidents")
    assert (stray["symbol"], stray["reason"]) == ("S05", "off_calendar")
    for said in (
        "studied      12 pairs",
        "excluded     1",
        "too_few_observations",
        "1 off_calendar",
        "left out     1 instruments",
    ):
        assert said in finished.output


def test_results_come_in_both_forms_with_their_origin(world: World, finished: Finished) -> None:
    del finished
    out = world.folder / "out"
    origin = json.loads((out / "study.json").read_text())
    assert origin["study"]["estimation_sessions"] == ESTIMATION
    assert set(origin["inputs"]) == {"prices", "benchmark", "events", "factors"}
    for name in (
        "event_study_results",
        "event_window_returns",
        "event_group_tests",
        "event_exclusions",
        "event_estimations",
        "specification_curve",
        "price_incidents",
    ):
        rows = len(pd.read_parquet(out / f"{name}.parquet"))
        assert origin["rows"][name] == rows == len(mart(world, name))


def test_the_main_data_stays_untouched(world: World, finished: Finished) -> None:
    del finished
    assert {entry.name for entry in (world.folder / "data").iterdir()} == {"studies"}


def test_a_wide_file_gives_the_same_again(
    world: World, own: Deployment, finished: Finished
) -> None:
    """The dividend of S03 and the stray price are in the long file only; returns are the same."""
    del finished
    before = {
        row["event_study_result_id"]: float(row["car_pct"])
        for row in mart(world, "event_study_results")
    }
    again = own.run(
        "study",
        *arguments(
            world.folder, prices=str(world.folder / "wide.csv"), out=str(world.folder / "out")
        ),
    )
    assert again.code == 0, again.output
    after = {
        row["event_study_result_id"]: float(row["car_pct"])
        for row in mart(world, "event_study_results")
    }
    assert after == pytest.approx(before, rel=1e-9)
    assert not mart(world, "price_incidents")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("prices", None, "No such file"),
        ("prices", "symbol,date\nS00,2001-01-01\n", "line 1, column close: no such column"),
        ("prices", "symbol,date,close\nS00,2001-01-01,0\n", "line 2, column close: '0'"),
        ("benchmark", "date,close\n2001-01-01,1\n2001-1-2,1\n", "line 3, column date: '2001-1-2'"),
        ("events", "symbol,date\nNONE,2002-01-01\n", "line 2, column symbol: 'NONE'"),
        ("factors", "date,smb\n2001-01-01,1.5\n", "line 2, column smb: '1.5'"),
    ],
)
def test_a_wrong_input_is_one_error(
    world: World, own: Deployment, name: str, text: str | None, said: str
) -> None:
    wrong = world.folder / "wrong.csv"
    wrong.unlink(missing_ok=True)
    if text is not None:
        wrong.write_text(text)
    done = own.run("study", *arguments(world.folder, **{name: str(wrong)}))
    assert done.code == 2
    assert done.output.startswith(f"aftershock: {wrong} ")
    assert said in done.output
    assert len(done.output.splitlines()) == 1


def test_an_unknown_study_and_a_foreign_folder_are_refused(
    world: World, own: Deployment, tmp_path: Path
) -> None:
    unknown = own.run("study", *arguments(world.folder, study="efault"))
    assert (unknown.code, "expected one of default" in unknown.output) == (2, True)
    (tmp_path / "thesis.tex").write_text("years of work")
    foreign = own.run("study", *arguments(world.folder, out=str(tmp_path)))
    assert foreign.code == 2
    assert "name another OUT" in foreign.output
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]
