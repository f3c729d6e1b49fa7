"""Whether the vectorised rival wrote the same numbers as the engine: a ratio needs the same work.

Belongs here: comparing two sets of outputs. Does not belong here: which of them is right; that is
tests/reference.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

TOLERANCE = 1e-7
KEYS = {
    "event_window_returns": ("event_id", "symbol", "model", "relative_session"),
    "event_study_results": ("event_id", "symbol", "model", "window_name"),
    "event_group_tests": ("event_id", "group_name", "model", "window_name", "test"),
}
NUMBERS = {
    "event_window_returns": (
        *("abnormal_return_pct", "cumulative_abnormal_return_pct", "prediction_error_pct"),
        *("standardised_abnormal_return", "p_value"),
    ),
    "event_study_results": ("car_pct", "bhar_pct", "car_standard_error_pct", "car_t", "p_value"),
    "event_group_tests": ("n", "caar_pct", "statistic", "p_value"),
}


def disagreement(warehouse: Path, folder: Path) -> str | None:
    """Return what differs between the built marts and the Parquet files, or None."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for mart in KEYS:
            if rows := _differing(connection, mart, f"{folder}/{mart}.parquet"):
                return f"{mart}: {rows}"
    return None


def _differing(
    connection: duckdb.DuckDBPyConnection, mart: str, file: str
) -> list[tuple[object, ...]]:
    """Return a few rows of which one side has none, or another number."""
    keys = KEYS[mart]
    # the event of a group over the whole study is null in the mart
    columns = ", ".join((*keys[1:], *NUMBERS[mart], "coalesce(event_id, '') as event_id"))
    connection.execute(f"create or replace temp table theirs as select {columns} from '{file}'")
    compared = "model in (select model from theirs)"
    if "test" in keys:
        compared += " and test in (select test from theirs)"
    wrong = " or ".join(_is_wrong(f"ours.{name}", f"theirs.{name}") for name in NUMBERS[mart])
    return connection.execute(
        f"""
        with ours as (select {columns}, true as is_ours from marts.{mart} where {compared})
        select * from ours
        full join (select *, true as is_theirs from theirs) as theirs using ({", ".join(keys)})
        where is_ours is null or is_theirs is null or {wrong}
        limit 3
        """
    ).fetchall()


def _is_wrong(ours: str, theirs: str) -> str:
    """Return the condition that two numbers differ; NaN is how numpy writes null."""
    is_near = f"abs({ours} - {theirs}) <= {TOLERANCE} * (1e-3 + abs({theirs}))"
    is_answered = f"{theirs} is not null and isfinite({theirs})"
    return (
        f"case when {is_answered} then not coalesce({is_near}, false) else {ours} is not null end"
    )
