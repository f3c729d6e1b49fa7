"""The project's own event-study SQL, run on tables that a test makes up.

Belongs here: rendering the models without dbt and building them in memory. Does not belong here:
any number. Studies, paired returns and subjects are given; everything after them is the project's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pandas as pd

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
ESTIMATIONS = "intermediate/event_study/int_estimations"
CARS = "intermediate/event_study/int_window_cars"
PIPELINE = (
    "intermediate/event_study/int_study_models",
    "intermediate/event_study/int_study_windows",
    "intermediate/event_study/int_estimation_returns",
    "intermediate/event_study/int_estimation_moments",
    ESTIMATIONS,
    "intermediate/event_study/int_window_returns",
    "intermediate/event_study/int_window_sums",
    CARS,
    "intermediate/event_study/int_group_members",
    "marts/event_window_returns",
    "marts/event_study_results",
    "marts/event_group_tests",
)


@cache
def macros_of(file: str) -> Any:
    """Return the macros of a file in macros/, to be called with column names."""
    return jinja2.Template((PROJECT / "macros" / f"{file}.sql").read_text()).module


@cache
def rendered(model: str) -> str:
    """Return the SQL of a model whose references are plain table names."""
    p_values = macros_of("p_values")
    return jinja2.Template((PROJECT / "models" / f"{model}.sql").read_text()).render(
        ref=lambda name: name,
        config=lambda **_: "",
        student_t_p_value=p_values.student_t_p_value,
        normal_p_value=p_values.normal_p_value,
        return_of_study=macros_of("return_of_study").return_of_study,
    )


def built(
    returns: Mapping[str, pd.DataFrame],
    *,
    day_0: int | Sequence[int],
    return_type: str = "simple",
    models: str = "market_model market_adjusted mean_adjusted",
    windows: str = "0:0 -1:1 0:5 -10:10",
    estimation: tuple[int, int] = (-260, -11),
    last_index: int = 1_000_000,
    until: str = PIPELINE[-1],
) -> duckdb.DuckDBPyConnection:
    """Build the study of one event and return the connection that holds its tables.

    Args:
        returns: by symbol, frames indexed by session number with the columns r, b and k; b may be
            missing. They stand for simple or log returns, as `return_type` says.
        day_0: session number of day 0, one for all or one for each symbol.
        estimation: first and last session of the estimation window, relative to day 0.
        last_index: last session with a bar.
        until: the last model to build.
    """
    connection = duckdb.connect()
    day_0s = [day_0] * len(returns) if isinstance(day_0, int) else day_0
    subjects = pd.DataFrame(
        {
            "subject_key": range(1, len(returns) + 1),
            "event_id": "event",
            "study_id": "study",
            "symbol": list(returns),
            "group_name": "group",
            "return_type": return_type,
            "day_0_session_index": day_0s,
            "estimation_first_index": [day + estimation[0] for day in day_0s],
            "estimation_last_index": [day + estimation[1] for day in day_0s],
            "event_first_index": [day - 10 for day in day_0s],
            "event_last_index": [day + 10 for day in day_0s],
        }
    )
    # the columns of the other kind of return are poisoned: reading them would show
    kind, other = ("log", "simple") if return_type == "log" else ("simple", "log")
    paired = pd.concat(
        pd.DataFrame(
            {
                "symbol": symbol,
                "session_index": frame.index,
                "session_date": pd.Timestamp("2000-01-01") + pd.to_timedelta(frame.index, "D"),
                "sessions_spanned": frame["k"].astype("int32"),
                "rests_on_correction": False,
                f"{kind}_return": frame["r"],
                f"benchmark_{kind}_return": frame["b"],
                f"{other}_return": 1e9,
                f"benchmark_{other}_return": -1e9,
            }
        )
        for symbol, frame in returns.items()
    )
    paired = paired.astype({f"benchmark_{kind}_return": "Float64"})  # missing is null, not NaN
    studies = pd.DataFrame([{"study_id": "study", "models": models, "windows": windows}])
    tables = {
        "int_study_subjects": subjects,
        "int_paired_returns": paired,
        "stg_studies": studies,
        "int_study_exclusions": subjects[["subject_key"]].assign(reason=None),
        "int_subject_coverage": subjects[["subject_key"]].assign(last_index=last_index),
    }
    for name, frame in tables.items():
        connection.register("given", frame)
        connection.execute(f"create table {name} as from given")
    for model in PIPELINE[: PIPELINE.index(until) + 1]:
        connection.execute(f"create table {Path(model).name} as {rendered(model)}")
    return connection
