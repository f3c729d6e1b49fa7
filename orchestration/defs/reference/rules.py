"""Rules between the cells of one row of a reference table.

Belongs here: what one row must satisfy once each of its cells is good by itself.
Does not belong here: anything that looks at other rows or files (`validation`).

A rule takes a row (column name -> value, null as None) and yields (column, what was expected).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

Row = Mapping[str, str | int | float | date | datetime | None]
Rule = Callable[[Row], Iterator[tuple[str, str]]]

TESTABLE_MEASURES = (
    "price_change",
    "market_value_change",
    "largest_fall_since",
    "recovered_after_early_fall",
)
# As in dbt_project.yml; a test holds the two together.
FACTOR_SLOTS = 6


def no_own_benchmark(row: Row) -> Iterator[tuple[str, str]]:
    """An instrument is not its own benchmark."""
    if row["benchmark_symbol"] == row["symbol"]:
        yield "benchmark_symbol", "another instrument, or empty for none"


def windows_fit(row: Row) -> Iterator[tuple[str, str]]:
    """Each named window runs forward and lies in the event window."""
    first, last = _whole(row, "event_window_first"), _whole(row, "event_window_last")
    if first > last:
        yield "event_window_last", f"event_window_first ({first}) or later"
        return
    for window in str(row["windows"]).split(" "):
        start, end = (int(part) for part in window.split(":"))
        if not first <= start <= end <= last:
            yield "windows", f"windows from first to last within {first}:{last}, unlike {window}"


def estimation_precedes_event(row: Row) -> Iterator[tuple[str, str]]:
    """The estimation window ends before the event window and can hold the minimum."""
    first, sessions = _whole(row, "event_window_first"), _whole(row, "estimation_sessions")
    if _whole(row, "estimation_last") >= first:
        yield "estimation_last", f"a session before event_window_first ({first})"
    if _whole(row, "minimum_observations") > sessions:
        yield "minimum_observations", f"at most estimation_sessions ({sessions})"


def factors_fit_models(row: Row) -> Iterator[tuple[str, str]]:
    """Factors are named exactly where a model uses them, and the models have columns for them."""
    if len(str(row["factors"] or "").split()) > FACTOR_SLOTS:
        yield (
            "factors",
            f"at most {FACTOR_SLOTS}, or more `factor_slots` in dbt_project.yml and here",
        )
    has_model = "multi_factor" in str(row["models"]).split(" ")
    if has_model and row["factors"] is None:
        yield "factors", "the factors of multi_factor, such as `benchmark smb hml`"
    if not has_model and row["factors"] is not None:
        yield "factors", "nothing, since models has no multi_factor"


def format_fits_meaning(row: Row) -> Iterator[tuple[str, str]]:
    """A date has a date's format, a number at most `comma`, a text none."""
    form, meaning = row["format"], row["meaning"]
    if form is None:
        return
    if meaning == "date" and form == "comma":
        yield "format", "a date's format such as %d.%m.%Y, or empty for 2025-01-27"
    elif meaning in ("symbol", "currency"):
        yield "format", "nothing, since the column holds text"
    elif meaning != "date" and form != "comma":
        yield "format", "`comma` for numbers such as 118,42, or empty for 118.42"


def value_fits_unit(row: Row) -> Iterator[tuple[str, str]]:
    """A month is written 2020-03 and everything else as a number."""
    is_month = row["unit"] == "month"
    for column in ("stated_value", "stated_value_to"):
        value = row[column]
        if value is not None and ("-" in str(value)) != is_month:
            yield column, "a month such as 2020-03" if is_month else f"a number of {row['unit']}"


def value_fits_qualifier(row: Row) -> Iterator[tuple[str, str]]:
    """A direction has no value, a range has two in order, the rest have one."""
    qualifier, low, high = row["qualifier"], row["stated_value"], row["stated_value_to"]
    if (qualifier == "direction_only") != (low is None):
        yield "stated_value", "a value, or empty together with qualifier direction_only"
    if (qualifier == "range") != (high is not None):
        yield "stated_value_to", "the upper end of a range, or empty without qualifier range"
    elif low is not None and high is not None and _ordinal(high) <= _ordinal(low):
        yield "stated_value_to", f"a value above stated_value ({low})"


def complete_if_testable(row: Row) -> Iterator[tuple[str, str]]:
    """A testable figure names what it is tested on; any other says why it is not."""
    if row["testable_from"] == "not_testable":
        if row["reason"] is None:
            yield "reason", "why prices cannot show it, since testable_from is not_testable"
        if row["expected_verdict"] not in (None, "not_testable"):
            yield "expected_verdict", "not_testable, since testable_from is not_testable"
        return
    for column in ("symbol", "as_of", "session_date"):
        if row[column] is None:
            yield column, f"a value, since testable_from is {row['testable_from']}"
    if row["measure"] not in TESTABLE_MEASURES:
        yield "measure", f"one of {', '.join(TESTABLE_MEASURES)}, since it is testable"


def _ordinal(stated: object) -> float:
    """Return a number that orders months as well as plain figures."""
    return float(str(stated).replace("-", ""))


def _whole(row: Row, column: str) -> int:
    return int(str(row[column]))
