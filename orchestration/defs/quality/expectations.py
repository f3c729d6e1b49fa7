"""What the marts are held to, as data.

Belongs here: each expectation, its arguments and why it is there. Does not belong here: running
them (`validation`), reading what they look at (`figures`, `summaries`).

Only ids, numbers and fixed words may enter an expectation or its frame: Great Expectations writes
unexpected values into its Data Docs as they are. Most expectations pass on an empty frame or on
nulls, so each suite begins with counts and presence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestration.defs.quality.figures import AGREEING, BASES, Figure
from orchestration.defs.reference.tables import VERDICTS

FIGURES = "documented_figures"
# Expectations on all figures together; the outcome names the figures that fail.
ROWS, UNIQUE, IDS = "one row per figure", "figure ids are unique", "no other figure ids"
DERIVED, VERDICT, TOLERANCE, EXPECTED = (
    "a testable number has a derived value",
    "the verdict is a known one",
    "a testable number has an interval",
    "the verdict is the expected one",
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
Value = str | float | bool | None


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite.

    Attributes:
        key: its name within the suite.
        kind: class name in `great_expectations.expectations`.
        arguments: of that class.
        where: only rows whose column holds this value, as (column, value).
        meta: carried along with the result.
        is_warning: whether the Data Docs call its failure a warning.
    """

    key: str
    kind: str
    arguments: Mapping[str, Any]
    where: tuple[str, str] | None = None
    meta: Mapping[str, Value] = field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True)
class Suite:
    """Expectations on one frame, given as columns of equal length."""

    name: str
    frame: Mapping[str, Sequence[Value]]
    expectations: Sequence[Expectation]


def figure_suite(ids: Sequence[str], figures: Mapping[str, Sequence[Figure]]) -> Suite:
    """Return the suite of the documented figures: seven on all of them, then one on each.

    Args:
        ids: the figures that the reference table documents.
        figures: the rows that the warehouse holds, by id.
    """
    rows = [figure for each in figures.values() for figure in each]
    return Suite(
        name=FIGURES,
        frame={
            "figure_id": [_word(row.figure_id, ids) for row in rows],
            "derived_value": [row.derived_value for row in rows],
            "verdict": [_word(row.verdict, VERDICTS) for row in rows],
            "expected_verdict": [
                None if row.expected is None else _word(row.expected, VERDICTS) for row in rows
            ],
            "held_to": ["number" if row.is_number else "verdict" for row in rows],
            "tolerance": [
                "interval" if row.has_interval else "missing" if row.is_number else "none needed"
                for row in rows
            ],
        },
        expectations=[
            Expectation(ROWS, "ExpectTableRowCountToEqual", {"value": len(ids)}),
            Expectation(UNIQUE, "ExpectColumnValuesToBeUnique", {"column": "figure_id"}),
            Expectation(
                IDS, "ExpectColumnValuesToBeInSet", {"column": "figure_id", "value_set": list(ids)}
            ),
            Expectation(
                DERIVED,
                "ExpectColumnValuesToNotBeNull",
                {"column": "derived_value"},
                where=("held_to", "number"),
            ),
            Expectation(
                VERDICT,
                "ExpectColumnValuesToBeInSet",
                {"column": "verdict", "value_set": list(VERDICTS)},
            ),
            Expectation(
                TOLERANCE,
                "ExpectColumnValuesToBeInSet",
                {"column": "tolerance", "value_set": ["interval", "none needed"]},
            ),
            Expectation(
                EXPECTED,
                "ExpectColumnPairValuesToBeEqual",
                {
                    "column_A": "verdict",
                    "column_B": "expected_verdict",
                    "ignore_row_if": "either_value_is_missing",
                },
            ),
            *(_on_figure(figure_id, figures.get(figure_id, ())) for figure_id in ids),
        ],
    )


def _on_figure(figure_id: str, rows: Sequence[Figure]) -> Expectation:
    figure = rows[0] if rows else None
    meta: dict[str, Value] = {"figure_id": figure_id}
    if figure is not None:
        meta |= {
            "stated": figure.stated_value,
            "derived": figure.derived_value,
            "interval_low": figure.interval_low,
            "is_interval_low_included": figure.is_interval_low_included,
            "interval_high": figure.interval_high,
            "is_interval_high_included": figure.is_interval_high_included,
            "basis": _word(figure.basis, BASES),
            "source": figure.article_id if _ID.fullmatch(figure.article_id) else "unknown",
            "expected_verdict": figure.expected and _word(figure.expected, VERDICTS),
        }
    if figure is not None and figure.is_number and figure.has_interval:
        return Expectation(
            figure_id,
            "ExpectColumnValuesToBeBetween",
            {
                "column": "derived_value",
                "min_value": figure.interval_low,
                "max_value": figure.interval_high,
                "strict_min": figure.interval_low is not None
                and not figure.is_interval_low_included,
                "strict_max": figure.interval_high is not None
                and not figure.is_interval_high_included,
            },
            where=("figure_id", figure_id),
            meta=meta,
            is_warning=figure.expected is None,
        )
    expected = figure.expected if figure is not None else None
    return Expectation(
        figure_id,
        "ExpectColumnValuesToBeInSet",
        {
            "column": "verdict",
            "value_set": [_word(expected, VERDICTS)] if expected else list(AGREEING),
        },
        where=("figure_id", figure_id),
        meta=meta,
        is_warning=figure is not None and figure.expected is None,
    )


def _word(value: str | None, known: Sequence[str] | Mapping[str, str]) -> str:
    return value if value is not None and value in known else "unknown"
