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
STUDY = "intermediate/event_study/"
ESTIMATIONS = f"{STUDY}int_estimations"
CARS = f"{STUDY}int_window_cars"
PIPELINE = (
    *(
        f"{STUDY}int_{name}"
        for name in (
            "study_models",
            "study_windows",
            "study_lengths",
            "study_tests",
            "subject_buckets",
            "return_blocks",
            "estimation_sums",
            "estimation_drafts",
            "estimation_moments",
            "scholes_williams",
            "factor_levels",
            "factor_returns",
            "factor_moments",
            "factor_estimations",
            "factor_fits",
            "estimations",
            "residual_moments",
            "window_returns",
            "factor_window_errors",
            "window_sums",
            "window_cars",
            "group_subjects",
            "group_members",
            "group_sums",
            "group_series",
            "group_dependence",
            "rank_values",
            "rank_days",
            "rank_series",
            "rank_statistics",
            "estimation_ranks",
            "ranked_windows",
            "ranked_pages",
            "generalised_ranks",
            "signed_ranks",
            "group_statistics",
            "group_test_results",
        )
    ),
    "marts/event_estimations",
    "marts/event_window_returns",
    "marts/event_study_results",
    "marts/event_group_tests",
    "marts/specification_curve",
)
VARIABLES = {"factor_slots": 6, "windows_of_a_page": 24}


@cache
def macros_of(file: str) -> Any:
    """Return the macros of a file in macros/, to be called with column names."""
    return jinja2.Template((PROJECT / "macros" / f"{file}.sql").read_text()).module


def returned_by(macro: str, file: str) -> list[Any]:
    """Return the list that a macro hands back with dbt's `return`."""
    given: list[list[Any]] = []
    source = (PROJECT / "macros" / f"{file}.sql").read_text()
    template = jinja2.Environment(autoescape=False).from_string(  # noqa: S701 - SQL, not HTML
        source, {"return": lambda value: given.append(value) or ""}
    )
    getattr(template.module, macro)()
    return given[0]


@cache
def rendered(model: str) -> str:
    """Return the SQL of a model whose references are plain table names."""
    macros = "".join(
        (PROJECT / "macros" / f"{file}.sql").read_text()
        for file in (
            "p_values",
            "return_of_study",
            "estimation_returns",
            "window_name",
            "model_type",
            "midrank",
            "order_free_sum",
            "paired_returns",
        )
    )
    return jinja2.Template(macros + (PROJECT / "models" / f"{model}.sql").read_text()).render(
        ref=lambda name: name,
        # a build from landing reads every row
        is_incremental=lambda: False,
        is_continued=lambda: False,
        touched_rows=lambda name, *_: f"select * from {name}",
        runs_after=lambda _: "",
        config=lambda **_: "",
        var=lambda name: VARIABLES[name],
        group_tests=lambda: returned_by("group_tests", "group_tests"),
        weighted_columns=lambda: returned_by("weighted_columns", "weighted_columns"),
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
    factors: str | None = None,
    factor_returns: pd.DataFrame | None = None,
    tests: str | None = None,
    groups: Sequence[str] | None = None,
    until: str = PIPELINE[-1],
) -> duckdb.DuckDBPyConnection:
    """Build the study of one event and return the connection that holds its tables.

    Args:
        returns: by symbol, frames indexed by session number with the columns r, b and k; b may be
            missing. They stand for simple or log returns, as `return_type` says.
        day_0: session number of day 0, one for all or one for each symbol.
        estimation: first and last session of the estimation window, relative to day 0.
        last_index: last session with a bar.
        factors: the factors of multi_factor, as in studies.csv.
        factor_returns: one column for each factor, indexed by session number.
        tests: the group tests to make, as in studies.csv; all when absent.
        groups: the group of each symbol; one for all when absent.
        until: the last model to build.
    """
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    day_0s = [day_0] * len(returns) if isinstance(day_0, int) else list(day_0)
    length = estimation[1] - estimation[0] + 1
    subjects = pd.DataFrame(
        {
            "subject_key": range(1, len(returns) + 1),
            "instrument_key": range(1, len(returns) + 1),
            "event_id": "event",
            "study_id": "study",
            "symbol": list(returns),
            "mic": "XNYS",
            "group_name": list(groups) if groups is not None else "group",
            "pooled": "event",
            "is_main": True,
            "estimation_sessions": length,
            "is_log": return_type == "log",
            "day_0_session_index": day_0s,
            "day_0_session_date": [_day(day) for day in day_0s],
            "estimation_first_index": [day + estimation[0] for day in day_0s],
            "estimation_last_index": [day + estimation[1] for day in day_0s],
            "event_first_index": [day - 10 for day in day_0s],
            "event_last_index": [day + 10 for day in day_0s],
        }
    )
    study = {
        "study_id": "study",
        "models": models,
        "windows": windows,
        "factors": factors,
        "tests": tests,
        "estimation_sessions": length,
        "minimum_observations": 3,
    }
    last = max(frame.index.max() for frame in returns.values())
    sessions = pd.DataFrame({"mic": "XNYS", "session_index": range(last + 1)})
    sessions["session_date"] = [_day(day) for day in sessions["session_index"]]
    names = [*sorted(set(subjects["group_name"])), "all"]
    touched_groups = pd.DataFrame({"group_name": names, "study_id": "study", "event_id": "event"})
    touched_groups["group_number"] = 4096 * (touched_groups.index + 1)
    tables = {
        "int_study_subjects": subjects,
        "int_touched_subjects": subjects,
        "int_touched_groups": touched_groups,
        "int_paired_returns": _paired(returns, return_type),
        "stg_studies": pd.DataFrame([study]),
        "stg_factor_returns": _factors(factor_returns),
        "int_trading_sessions": sessions,
        "int_study_exclusions": subjects[["subject_key"]].assign(reason=None),
        "int_subject_coverage": subjects[["subject_key"]].assign(
            last_index=last_index, is_overlapping=False
        ),
    }
    for name, frame in tables.items():
        connection.register("given", frame)
        connection.execute(f"create table {name} as from given")
    connection.execute("alter table stg_studies alter factors type varchar")
    connection.execute("alter table stg_studies alter tests type varchar")
    connection.execute(
        "alter table stg_studies add column specification_estimation_sessions varchar"
    )
    for model in PIPELINE[: PIPELINE.index(until) + 1]:
        connection.execute(f"create table {Path(model).name} as {rendered(model)}")
    return connection


def _day(session: int) -> pd.Timestamp:
    return pd.Timestamp("2000-01-01") + pd.Timedelta(days=int(session))


def _factors(returns: pd.DataFrame | None) -> pd.DataFrame:
    """Return factor returns in the long form of the reference table."""
    if returns is None:
        returns = pd.DataFrame({"none": [0.0]}, index=[0])
    long = returns.melt(var_name="factor", ignore_index=False).reset_index(names="session")
    long["session_date"] = [_day(session) for session in long["session"]]
    return long[["factor", "session_date", "value"]]


def _paired(returns: Mapping[str, pd.DataFrame], return_type: str) -> pd.DataFrame:
    """Return the rows of int_paired_returns; the columns of the other kind of return are poisoned.

    Reading those would show.
    """
    kind, other = ("log", "simple") if return_type == "log" else ("simple", "log")
    frames = []
    for number, (symbol, frame) in enumerate(returns.items(), start=1):
        k = frame["k"].astype("int32")
        # missing is null, not NaN
        benchmark = frame["b"].astype("Float64")
        columns = {
            "r": ("", frame["r"]),
            "b": ("benchmark_", benchmark),
            "previous_r": ("previous_", frame["r"].shift()),
            "previous_b": ("previous_benchmark_", benchmark.shift()),
            "next_b": ("next_benchmark_", benchmark.shift(-1).where(k.shift(-1).eq(1))),
        }
        rows = pd.DataFrame(
            {
                "instrument_key": number,
                "symbol": symbol,
                "session_index": frame.index,
                "session_date": [_day(session) for session in frame.index],
                "previous_session_date": [_day(s) for s in frame.index - frame["k"]],
                "sessions_spanned": k,
                "previous_sessions_spanned": k.shift().astype("Int32"),
                "rests_on_correction": False,
            }
        )
        for whose, values in columns.values():
            rows[f"{whose}{kind}_return"] = values.astype("Float64").array
            rows[f"{whose}{other}_return"] = 1e9
        frames.append(rows)
    return pd.concat(frames)
