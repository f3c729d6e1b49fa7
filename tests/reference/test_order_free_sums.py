"""Sums and products of macros/order_free_sum.sql against Python's exact ones, in any order."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.reference.models import macros_of

SHUFFLES = 20
SCALES = {"returns": 0.02, "squares": 4e-4, "large": 1e3, "tiny": 1e-9}


def in_many_orders(expression: str, values: np.ndarray) -> list[float]:
    """Return what an aggregate over x makes of the values, in one order after another."""
    random = np.random.default_rng(0)
    found = []
    for _ in range(SHUFFLES):
        given = pd.DataFrame({"x": random.permutation(values)})
        with duckdb.connect() as connection:
            connection.register("given", given)
            rows = connection.execute(f"select {expression} from given").fetchall()
            found.append(rows[0][0])
    return found


def values_of(scale: float, rows: int = 5000) -> np.ndarray:
    return np.random.default_rng(1).standard_t(3, rows) * scale


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_order_gives_the_same_bits(scale: float) -> None:
    values = values_of(scale)
    sums = in_many_orders(macros_of("order_free_sum").order_free_sum("x"), values)
    assert len(set(sums)) == 1
    # each term loses what lies below 2^-61
    assert sums[0] == pytest.approx(math.fsum(values), abs=len(values) * 2.0**-61, rel=1e-15)
    assert len(set(in_many_orders("sum(x)", values))) > 1


@pytest.mark.parametrize("bound", [4, 64, 1024])
def test_a_known_bound_needs_one_cut(bound: int) -> None:
    values = values_of(1.0, 500)
    values *= bound / np.abs(values).sum()
    sums = in_many_orders(macros_of("order_free_sum").order_free_sum("x", bound=bound), values)
    assert len(set(sums)) == 1
    assert sums[0] == pytest.approx(math.fsum(values), abs=len(values) * bound * 2.0**-51)


def test_a_sum_of_nothing_is_null() -> None:
    expression = macros_of("order_free_sum").order_free_sum("x")
    with duckdb.connect() as connection:
        rows = connection.execute(f"select {expression} from (select null::double as x)").fetchall()
    assert rows == [(None,)]


def test_a_value_beyond_all_bounds_stays_what_it_is() -> None:
    values = np.array([1e15, 0.25, -3e9, 1e-6])
    sums = in_many_orders(macros_of("order_free_sum").order_free_sum("x"), values)
    assert sums == pytest.approx([math.fsum(values)] * SHUFFLES, rel=1e-15)


@pytest.mark.parametrize(
    "factors",
    [[1.02, 0.97, 1.3, 0.5], [1.1, -0.2, 0.9], [-0.5, -0.5, 1.1], [1.2, 0.0, -0.3], [1.0]],
    ids=["gains and losses", "less than nothing", "twice less", "all is lost", "nothing happens"],
)
def test_a_product_in_any_order(factors: list[float]) -> None:
    products = in_many_orders(
        macros_of("order_free_sum").order_free_product("x"), np.array(factors)
    )
    assert len(set(products)) == 1
    assert products[0] == pytest.approx(math.prod(factors), rel=1e-14, abs=0)
