"""The group tests of the vectorised rival: cross-sectional t, Patell z and BMP t.

Belongs here: sums over the members of a group, and the tests that need no more than these sums.
Does not belong here: the returns of the members (vectorised.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import special


def student(t: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    """Return two-sided p-values."""
    return 2 * special.stdtr(freedom, -np.abs(t))


def group_sums(pairs: pd.DataFrame, window: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return what the three tests need of each group, and of all groups together."""
    car, scar, freedom = (window[name] for name in ("car_pct", "car_t", "degrees_of_freedom"))
    is_member = ~np.isnan(scar)
    values = pd.DataFrame(
        {
            "n": 1,
            "positive": car > 0,
            "car": car,
            "car_squares": car * car,
            "scar": scar,
            "scar_squares": scar * scar,
            "variances": freedom / (freedom - 2),
        }
    )[is_member]
    event = pairs["event_id"].to_numpy()[is_member]
    group = pairs["group_name"].to_numpy()[is_member]
    each = values.groupby([event, group]).sum().rename_axis(["event_id", "group_name"])
    whole = each.groupby("event_id").sum().assign(group_name="all")
    return pd.concat([each.reset_index(), whole.reset_index()])


def group_tests(sums: pd.DataFrame) -> pa.Table:
    """Return one row for each group and test."""
    n, freedom = sums["n"].to_numpy(float), sums["n"].to_numpy(float) - 1

    def t_of(total: str, squares: str) -> np.ndarray:
        mean = sums[total].to_numpy() / n
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = (sums[squares].to_numpy() - n * mean * mean) / freedom
            return mean * np.sqrt(n / variance)

    patell = (sums["scar"] / np.sqrt(sums["variances"])).to_numpy()
    statistics = {
        "cross_sectional_t": (t := t_of("car", "car_squares"), student(t, freedom)),
        "patell_z": (patell, special.erfc(np.abs(patell) / np.sqrt(2))),
        "bmp_t": (t := t_of("scar", "scar_squares"), student(t, freedom)),
    }
    keys = sums[["event_id", "group_name", "model", "window_name", "n", "positive"]]
    each = [
        keys.assign(caar_pct=sums["car"] / n, test=test, statistic=statistic, p_value=p_value)
        for test, (statistic, p_value) in statistics.items()
    ]
    return pa.Table.from_pandas(pd.concat(each), preserve_index=False)
