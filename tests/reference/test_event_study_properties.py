"""What must hold of the event study whatever the prices are, on cases that hypothesis makes up.

Belongs here: properties. Does not belong here: reference numbers (the other files of this folder).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.models import CARS, built, rendered

SESSIONS, DAY_0, ESTIMATION = 64, 50, (-40, -11)
MODELS = "market_model market_adjusted mean_adjusted"
# Each example builds the models; a time limit would only measure the machine.
few = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def closes_of(seed: int, gap_share: float) -> pd.DataFrame:
    """Return closes of two instruments and their benchmark B; a missing one is null."""
    random = np.random.default_rng(seed)
    benchmark = random.normal(0.0003, 0.01, SESSIONS)
    closes = {"B": 5000 * np.exp(np.cumsum(benchmark))}
    for symbol, slope in (("X", 0.7), ("Y", 1.6)):
        steps = slope * benchmark + random.normal(0, 0.02, SESSIONS)
        closes[symbol] = 100 * np.exp(np.cumsum(steps))
    frame = pd.DataFrame(closes)
    dropped = random.random((SESSIONS, 2)) < gap_share
    dropped[[0, DAY_0, SESSIONS - 1]] = False
    frame[["X", "Y"]] = frame[["X", "Y"]].mask(dropped)
    return frame


def returns_of(closes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return each instrument's r on b over k sessions, as the project's models derive them."""
    long = closes.melt(var_name="symbol", value_name="close", ignore_index=False)
    long = long.dropna().reset_index(names="session_index")
    days = pd.to_timedelta(long["session_index"], unit="D")
    prices = long.assign(
        mic="XNYS",
        kind="stock",
        session_date=pd.Timestamp("2024-01-01") + days,
        open=long["close"],
        high=long["close"],
        low=long["close"],
        volume=1000,
        currency="USD",
        price_source="provider",
        snapshot="made up",
        correction_citation=None,
    )
    instruments = pd.DataFrame(
        {
            "symbol": ["B", "X", "Y"],
            "instrument_key": [1, 2, 3],
            "benchmark_symbol": [None, "B", "B"],
        }
    )
    with duckdb.connect() as connection:
        connection.register("int_prices", prices)
        connection.register("stg_instruments", instruments)
        connection.execute(
            "create table int_dividends (symbol varchar, session_date timestamp, dividend double)"
        )
        for model in ("int_returns", "int_paired_returns"):
            sql = rendered(f"intermediate/prices/{model}")
            connection.execute(f"create table {model} as {sql}")
        paired = connection.execute(
            "select symbol, session_index, simple_return as r, benchmark_simple_return as b, "
            "sessions_spanned as k from int_paired_returns where benchmark_symbol is not null "
            "order by all"
        ).df()
    return {
        symbol: frame.set_index("session_index")[["r", "b", "k"]]
        for symbol, frame in paired.groupby("symbol")
    }


def cars(returns: dict[str, pd.DataFrame], day_0: Any = DAY_0) -> pd.DataFrame:
    """Return CAR and SCAR by symbol, model and window."""
    connection = built(
        returns,
        day_0=day_0,
        models=MODELS,
        estimation=ESTIMATION,
        until=CARS,
    )
    found = connection.execute(
        "select symbol, model, window_name, car, scar from int_window_cars"
    ).df()
    return found.set_index(["symbol", "model", "window_name"]).sort_index()


def assert_alike(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-8, atol=1e-10)


@few
@given(seed=seeds, shift=st.floats(-6, 6), gap_share=st.sampled_from([0.0, 0.2]))
def test_a_constant_added_to_log_prices_changes_nothing(
    seed: int, shift: float, gap_share: float
) -> None:
    closes = closes_of(seed, gap_share)
    shifted = closes * np.exp([shift, -shift, shift / 2])
    assert_alike(cars(returns_of(closes)), cars(returns_of(shifted)))


@few
@given(seed=seeds, factor=st.floats(0.05, 20))
def test_scaled_returns_scale_the_abnormal_returns_and_leave_the_standardised(
    seed: int, factor: float
) -> None:
    returns = returns_of(closes_of(seed, 0.1))
    scaled = {
        symbol: frame.assign(r=factor * frame["r"], b=factor * frame["b"])
        for symbol, frame in returns.items()
    }
    before, after = cars(returns), cars(scaled)
    assert_alike(before.assign(car=factor * before["car"]), after)


@few
@given(seed=seeds, order=st.permutations(["X", "Y"]), offset=st.integers(0, 3))
def test_the_order_of_the_events_changes_no_digit(seed: int, order: list[str], offset: int) -> None:
    returns = returns_of(closes_of(seed, 0.1))
    day_0 = {"X": DAY_0, "Y": DAY_0 + offset}
    one, other = (
        cars({symbol: returns[symbol] for symbol in symbols}, [day_0[each] for each in symbols])
        for symbols in (["X", "Y"], order)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@few
@given(seed=seeds, injected=st.floats(-0.3, 0.3))
def test_an_injected_abnormal_return_is_recovered(seed: int, injected: float) -> None:
    returns = returns_of(closes_of(seed, 0.1))
    shocked = {symbol: frame.copy() for symbol, frame in returns.items()}
    shocked["X"].loc[DAY_0, "r"] += injected
    difference = cars(shocked)["car"] - cars(returns)["car"]
    # every named window of the default holds day 0; a window that a gap cuts has no CAR
    assert difference.notna().any()
    difference = difference.dropna()
    assert difference.loc["X"].to_numpy() == pytest.approx(injected, rel=1e-9, abs=1e-12)
    assert difference.loc["Y"].to_numpy() == pytest.approx(0.0, abs=0)
