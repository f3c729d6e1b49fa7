"""The p-value macros against scipy on a wide grid and against 400-digit arithmetic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial

import duckdb
import numpy as np
import pytest
from scipy import special, stats

from tests.reference.models import PROJECT, macros_of

STUDENT = macros_of("p_values").student_t_p_value("t", "df")
NORMAL = macros_of("p_values").normal_p_value("z")
SMALLEST = 1e-305  # below, a double has no digits to spare


def student(t: Sequence[float] | np.ndarray, df: Sequence[float] | np.ndarray) -> np.ndarray:
    given = "unnest($t::double[]) as t, unnest($df::double[]) as df"
    values = {"t": [float(value) for value in t], "df": [float(value) for value in df]}
    sql = f"select {STUDENT} as p from (select {given})"
    return duckdb.execute(sql, values).fetchnumpy()["p"]


def normal(z: Sequence[float] | np.ndarray) -> np.ndarray:
    sql = f"select {NORMAL} as p from (select unnest($z::double[]) as z)"
    return duckdb.execute(sql, {"z": [float(value) for value in z]}).fetchnumpy()["p"]


def scipy_student(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return P(|T| > t) by scipy; its `sf` has only 9 digits where t is small."""
    centre = 1 - special.betainc(0.5, df / 2, t * t / (df + t * t))
    return np.where(t < 1, centre, 2 * stats.t.sf(t, df))


def test_student_agrees_with_scipy() -> None:
    random = np.random.default_rng(1)
    t = np.concatenate([[0, 1e-12], np.logspace(-8, 3, 90), random.uniform(0, 12, 200)])
    whole = [*range(1, 41), 60, 98, 99, 100, 101, 250, 1000, 1e4, 1e5, 1e6]
    df = np.concatenate(
        [whole, [1.5, 2.5, 7.25, 99.5, 99.999, 100.001, 1234.5], random.uniform(1, 400, 20)]
    )
    grid_t, grid_df = (part.ravel() for part in np.meshgrid(t, df))
    found = student(grid_t, grid_df)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
    expected = scipy_student(grid_t, grid_df)
    seen = expected > SMALLEST
    assert seen.sum() > 15_000
    assert np.max(np.abs(found[seen] / expected[seen] - 1)) < 1e-10
    assert (found[~seen] < 2 * SMALLEST).all()
    assert (student(-grid_t, grid_df) == found).all()


def test_student_agrees_at_the_seam_of_its_two_formulas() -> None:
    df = np.logspace(0, 6, 400)
    seam = np.sqrt(8 * df / (df + 20))
    both = np.concatenate([seam * (1 - 1e-9), seam * (1 + 1e-9)])
    found = student(both, np.tile(df, 2))
    expected = scipy_student(both, np.tile(df, 2))
    assert np.max(np.abs(found / expected - 1)) < 1e-10


def test_student_agrees_where_the_normal_deviate_takes_over() -> None:
    df = np.concatenate([[40, 40.5, 41], np.logspace(np.log10(40), 6, 400)])
    seam = np.sqrt(0.2 * df)
    t = np.concatenate([seam * (1 - 1e-9), seam * (1 + 1e-9), seam * 0.7, seam * 0.3])
    found = student(t, np.tile(df, 4))
    expected = scipy_student(t, np.tile(df, 4))
    seen = expected > SMALLEST
    assert seen.sum() > 900
    assert np.max(np.abs(found[seen] / expected[seen] - 1)) < 1e-10
    just_below, just_above = student([2 - 1e-12] * 2, [40 - 1e-12, 40])
    assert just_below == pytest.approx(just_above, rel=1e-11, abs=0)


Powers = dict[tuple[int, int], Fraction]  # {(i, j): coefficient of l^i v^j}
DEGREE = 6


def product(left: Powers, right: Powers) -> Powers:
    result: Powers = {}
    for (i, j), a in left.items():
        for (k, m), b in right.items():
            if i + j + k + m <= DEGREE:
                result[i + k, j + m] = result.get((i + k, j + m), Fraction(0)) + a * b
    return result


def log_of_one_plus(powers: Powers) -> Powers:
    result: Powers = {}
    power: Powers = {(0, 0): Fraction(1)}
    for n in range(1, DEGREE + 1):
        power = product(power, powers)
        for key, value in power.items():
            result[key] = result.get(key, Fraction(0)) - Fraction((-1) ** n, n) * value
    return result


def test_coefficients_of_the_normal_deviate_follow_from_its_equation() -> None:
    sinh_quotient = {
        (2 * k, 0): Fraction(1, 4**k * factorial(2 * k + 1)) for k in range(1, DEGREE // 2 + 1)
    }
    e: Powers = {}
    for _ in range(DEGREE + 1):  # each turn settles one more power of v
        slope = {(i - 1, j + 1): i * value for (i, j), value in e.items()}
        quotient = {(i - 1, j + 1): value for (i, j), value in e.items()}
        parts = [
            (Fraction(1, 2), log_of_one_plus(sinh_quotient)),
            (Fraction(1), log_of_one_plus(slope)),
            (Fraction(-1, 2), log_of_one_plus(quotient)),
        ]
        e = {}
        for factor, part in parts:
            for (i, j), value in part.items():
                if i > 0:
                    e[i, j] = e.get((i, j), Fraction(0)) + factor * value
    source = (PROJECT / "macros" / "p_values.sql").read_text()
    macro = source.partition("macro _normal_scale")[2].partition("endmacro")[0]
    written = [Fraction(int(a), int(b)) for a, b in re.findall(r"(-?\d+)e0 / (\d+)e0", macro)]
    order = [(6, 0), (5, 1), (4, 2), (4, 0), (3, 3), (3, 1), (2, 4), (2, 2), (2, 0)]
    order += [(1, 5), (1, 3), (1, 1)]
    assert written == [e[key] for key in order]
    assert set(order) == {key for key, value in e.items() if value}


def exact_student(t: float, df: int) -> Decimal:
    """Return P(|T| > t) for even df: Abramowitz and Stegun 1964, 26.7.4, in 400 digits."""
    with localcontext() as context:
        context.prec = 400
        square = Decimal(t) ** 2
        cosine_squared = df / (df + square)
        term = total = Decimal(1)
        for j in range(1, df // 2):
            term *= cosine_squared * (2 * j - 1) / (2 * j)
            total += term
        return 1 - (square / (df + square)).sqrt() * total


@pytest.mark.parametrize("df", [2, 4, 10, 30, 98, 100, 120, 248, 1000, 10_000])
def test_student_agrees_with_400_digits(df: int) -> None:
    t = [1e-12, 1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 2.4, 2.5, 2.7, 3.0, 4.0, 6.0, 10.0, 20.0, 37.0, 1e3]
    for value, found in zip(t, student(t, [df] * len(t)), strict=True):
        expected = exact_student(value, df)
        if expected > SMALLEST:
            assert abs(Decimal(float(found)) / expected - 1) < Decimal("1e-11"), (value, df)


def test_normal_agrees_with_scipy() -> None:
    z = np.concatenate(
        [[0, 1e-300, 1e-12], np.linspace(0, 37, 20_001), [0.46875 * 2**0.5, 32**0.5]]
    )
    found = normal(z)
    assert np.max(np.abs(found / special.erfc(z / 2**0.5) - 1)) < 1e-12
    assert (normal(-z) == found).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_student_with_many_degrees_of_freedom_is_normal() -> None:
    z = np.linspace(0, 8, 50)
    assert student(z, [1e15] * 50) == pytest.approx(normal(z), rel=1e-10, abs=0)


@pytest.mark.parametrize("huge", [1e77, 1e154, 1e155, 1e300, float("inf")])
def test_huge_statistics_have_a_p_value(huge: float) -> None:
    assert student([huge, -huge], [3, 1e6]).tolist() == [
        0.0 if huge > 1e100 else pytest.approx(0),
        0.0,
    ]
    assert normal([huge, -huge]).tolist() == [0.0, 0.0]


def test_nothing_to_test_has_no_p_value() -> None:
    sql = f"""select {STUDENT}, {NORMAL} from (values
        (null, 5, null), ('nan'::double, 5, 'nan'::double), (1e0, null, null), (1e0, 0, null),
        (1e0, -1, null)) as given(t, df, z)"""
    assert duckdb.sql(sql).fetchall() == [(None, None)] * 5


def test_whole_degrees_of_freedom_may_be_integers() -> None:
    sql = f"select {STUDENT} from (select 2e0 as t, 1000000::{{}} as df)"
    found = {kind: duckdb.sql(sql.format(kind)).fetchall() for kind in ("integer", "bigint")}
    assert found["integer"] == found["bigint"] == [(pytest.approx(2 * stats.t.sf(2, 1e6)),)]


@pytest.mark.parametrize(
    ("df", "relative"),
    [(1, 1e-15), (2, 1e-15), (3, 1.3e-3), (10, 4e-6), (30, 2e-8), (119, 2e-11), (249, 1e-12)],
)
def test_half_the_width_of_a_95_percent_interval(df: int, relative: float) -> None:
    sql = macros_of("p_values").student_t_critical_value("df")
    (found,) = duckdb.execute(
        f"select {sql} from (select $df::integer as df)", {"df": df}
    ).fetchone()
    assert found == pytest.approx(stats.t.ppf(0.975, df), rel=relative)


def test_without_degrees_of_freedom_the_interval_is_the_normal_one() -> None:
    sql = macros_of("p_values").student_t_critical_value("df")
    (found,) = duckdb.execute(f"select {sql} from (select null::integer as df)").fetchone()
    assert found == pytest.approx(stats.norm.ppf(0.975), rel=1e-15)
