"""Documented figures against paper: every way in which one can fail, and the message it gives.

One validation judges all of them, because each figure fails in a way of its own.
"""

from __future__ import annotations

import math
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.defs.quality import expectations as keys
from orchestration.defs.quality.expectations import figure_suite
from orchestration.defs.quality.figures import Figure
from orchestration.defs.quality.judgement import (
    Judgement,
    judge_figure,
    judge_figure_rows,
)
from orchestration.defs.quality.validation import Outcome, Validation, validate

HOSTILE = "<script>alert(1)</script>"
GOOD = Figure(
    figure_id="good",
    article_id="trends-2025-01-28",
    publisher=HOSTILE,
    article_url="javascript:alert(1)",
    stated_text="down just under 17 percent",
    stated_value=17.0,
    unit="percent",
    qualifier="just_under",
    interval_low=16.5,
    interval_high=17.0,
    is_interval_low_included=True,
    is_interval_high_included=False,
    interval_text="[16.5, 17.0)",
    basis="close_to_close",
    derived_value=16.97,
    derived_close_value=16.97,
    derived_low_value=11.0,
    derived_high_value=18.4,
    verdict="confirmed",
    explanation=HOSTILE,
    expected_verdict="confirmed",
    testable_from="prices",
    rests_on_correction=False,
    correction_citation=None,
)
REFUTED = {"verdict": "refuted", "basis": None}
DIRECTION = {
    "qualifier": "direction_only",
    "stated_text": "up",
    "interval_low": 0.0,
    "interval_high": None,
    "is_interval_low_included": False,
}
NOT_TESTABLE = {
    "testable_from": "not_testable",
    "verdict": "not_testable",
    "expected_verdict": "not_testable",
    "derived_value": None,
    "basis": None,
    "stated_text": "up 80 billion usd",
}
# What is in the mart for each figure; a list is more than one row, None is no row at all.
ROWS: dict[str, object] = {
    "good": {},
    "at-the-closed-end": {"derived_value": 16.5},
    "at-the-open-end": {"derived_value": 17.0, "derived_close_value": 17.0, **REFUTED},
    "at-the-open-end-though-confirmed": {"derived_value": 17.0},
    "just-below": {"derived_value": 16.499999, "derived_close_value": 16.499999, **REFUTED},
    "moved": {"derived_value": 12.3, "derived_close_value": 12.3, **REFUTED},
    "outside-though-confirmed": {"derived_value": 12.3},
    "no-upper-end": {"interval_high": None, "derived_value": 99.0},
    "no-lower-end": {"interval_low": None, "derived_value": -99.0},
    "null-derived": {"derived_value": None, "verdict": "insufficient_data", "basis": None},
    "not-a-number": {"derived_value": math.nan},
    "no-row": None,
    "two-rows": [{}, {"derived_value": 16.6}],
    "no-interval": {"interval_low": None, "interval_high": None},
    "flipped-verdict": {"verdict": "consistent_intraday", "basis": "intraday_range"},
    "strange-verdict": {"verdict": HOSTILE},
    "null-verdict": {"verdict": None},
    "direction": DIRECTION,
    "direction-flipped": {**DIRECTION, "verdict": "refuted"},
    "month": {"unit": "month", "stated_value": None, "derived_value": None},
    "not-testable": NOT_TESTABLE,
    "not-testable-unset": {**NOT_TESTABLE, "expected_verdict": None},
    "became-testable": {**NOT_TESTABLE, "verdict": "confirmed", "derived_value": 80.0},
    "became-testable-in-the-table": {
        **NOT_TESTABLE,
        "testable_from": "prices",
        "verdict": "insufficient_data",
    },
    "expected-to-be-false": {
        "expected_verdict": "refuted",
        "derived_value": 12.3,
        **REFUTED,
    },
    "expected-to-lack-data": {
        "expected_verdict": "insufficient_data",
        "verdict": "insufficient_data",
        "derived_value": None,
    },
    "new-and-true": {"expected_verdict": None},
    "new-and-false": {
        "expected_verdict": None,
        "derived_value": 12.3,
        "derived_close_value": 12.3,
        **REFUTED,
    },
    "new-without-data": {
        "expected_verdict": None,
        "derived_value": None,
        "verdict": "insufficient_data",
    },
    "new-twice": [{"expected_verdict": None}, {"expected_verdict": None}],
    "billions": {
        "unit": "usd",
        "stated_value": 589e9,
        "interval_text": "[588.5, 589.5) billion",
        "interval_low": 588.5e9,
        "interval_high": 589.5e9,
        "basis": "last_print",
        "derived_value": 592.7e9,
        "derived_close_value": 594.1e9,
    },
}
STOPPED = {
    "at-the-open-end",
    "at-the-open-end-though-confirmed",
    "just-below",
    "moved",
    "outside-though-confirmed",
    "null-derived",
    "not-a-number",
    "no-row",
    "two-rows",
    "no-interval",
    "flipped-verdict",
    "strange-verdict",
    "null-verdict",
    "direction-flipped",
    "became-testable",
    "became-testable-in-the-table",
    "new-twice",
    "billions",
}
WARNED = {"new-and-false", "new-without-data"}


def figures(rows: Mapping[str, object]) -> dict[str, list[Figure]]:
    found = {}
    for figure_id, content in rows.items():
        changes = content if isinstance(content, list) else [content]
        made = [replace(GOOD, figure_id=figure_id, **each) for each in changes if each is not None]
        if made:
            found[figure_id] = made
    return found


@pytest.fixture(scope="module")
def validation(tmp_path_factory: pytest.TempPathFactory) -> Validation:
    docs = tmp_path_factory.mktemp("quality") / "data_docs"
    return validate([figure_suite(tuple(ROWS), figures(ROWS))], docs)


@pytest.fixture(scope="module")
def judgements(validation: Validation) -> dict[str, Judgement]:
    rows = figures(ROWS)
    outcomes = validation.outcomes[keys.FIGURES]
    return {name: judge_figure(name, rows.get(name, ()), outcomes) for name in ROWS}


def test_exactly_the_figures_that_moved_stop_publication(
    judgements: dict[str, Judgement],
) -> None:
    failed = {name for name, judgement in judgements.items() if not judgement.passed}
    stopped = {name for name in failed if judgements[name].is_blocking}
    assert stopped == STOPPED
    assert failed - stopped == WARNED


@pytest.mark.parametrize(
    ("figure_id", "description"),
    [
        ("good", "documented 17 [16.5, 17.0), derived now 16.97 at the close, confirmed"),
        (
            "moved",
            "documented 17 [16.5, 17.0), derived now 12.30 at the close, refuted (was confirmed)",
        ),
        (
            "just-below",
            "documented 17 [16.5, 17.0), derived now 16.499999 at the close, refuted "
            "(was confirmed)",
        ),
        (
            "flipped-verdict",
            "documented 17 [16.5, 17.0), derived now 16.97 at the close, 11.00 to 18.40 within "
            "the session's range, consistent_intraday (was confirmed)",
        ),
        (
            "new-and-false",
            "documented 17 [16.5, 17.0), derived now 12.30 at the close, refuted "
            "(no verdict expected yet)",
        ),
        (
            "null-derived",
            "documented 17 [16.5, 17.0), but no value was derived, insufficient_data "
            "(was confirmed)",
        ),
        (
            "billions",
            "documented 589 billion usd [588.5, 589.5) billion, derived now 594.10 billion usd "
            "at the close, 592.70 billion usd at the last print, confirmed (was confirmed)",
        ),
        ("direction-flipped", "documented 'up', verdict now refuted (was confirmed)"),
        (
            "became-testable",
            "documented 'up 80 billion usd', verdict now confirmed (was not_testable)",
        ),
        ("no-row", "has no row in claim_verdicts"),
        ("two-rows", "has 2 rows in claim_verdicts"),
        ("no-interval", "is a number in percent without an interval"),
        ("strange-verdict", "has a verdict that is none of the known ones"),
    ],
)
def test_the_description_says_what_moved(
    figure_id: str, description: str, judgements: dict[str, Judgement]
) -> None:
    assert judgements[figure_id].description == f"{figure_id}: {description}"


def test_each_figure_has_one_expectation_with_its_evidence() -> None:
    suite = figure_suite(tuple(ROWS), figures(ROWS))
    own = {each.key: each for each in suite.expectations if each.key in ROWS}
    assert list(own) == list(ROWS)
    assert own["good"].kind == "ExpectColumnValuesToBeBetween"
    assert own["good"].meta == {
        "figure_id": "good",
        "stated": 17.0,
        "derived": 16.97,
        "interval_low": 16.5,
        "is_interval_low_included": True,
        "interval_high": 17.0,
        "is_interval_high_included": False,
        "basis": "close_to_close",
        "source": "trends-2025-01-28",
        "expected_verdict": "confirmed",
    }
    for name in ("direction", "month", "not-testable", "expected-to-be-false", "no-row"):
        assert own[name].kind == "ExpectColumnValuesToBeInSet"


def test_rows_as_a_whole(validation: Validation) -> None:
    judgement = judge_figure_rows(tuple(ROWS), figures(ROWS), validation.outcomes[keys.FIGURES])
    assert not judgement.passed
    assert judgement.is_blocking
    # One is missing and two are there twice.
    assert f"{len(ROWS) + 1} rows for {len(ROWS)} documented figures" in judgement.description
    assert "more than one row for new-twice, two-rows" in judgement.description


@pytest.mark.parametrize(
    ("rows", "passed", "reason"),
    [
        ({"one": {}, "two": {}}, True, "2 rows, one for each"),
        ({}, False, "0 rows for 2 documented figures"),
        ({"one": {}}, False, "1 rows for 2 documented figures"),
        ({"one": {}, "stranger": {}}, False, "1 figures that have no check yet: reload"),
    ],
)
def test_rows_of_an_empty_a_short_and_a_strange_mart(
    rows: Mapping[str, object], passed: bool, reason: str, tmp_path: Path
) -> None:
    ids, found = ("one", "two"), figures(rows)
    outcomes = validate([figure_suite(ids, found)], tmp_path / "docs").outcomes[keys.FIGURES]
    judgement = judge_figure_rows(ids, found, outcomes)
    assert (judgement.passed, reason in judgement.description) == (passed, True)
    for name in ids:
        assert judge_figure(name, found.get(name, ()), outcomes).passed is (name in rows)


def test_no_documented_figures_and_none_in_the_mart_is_fine(tmp_path: Path) -> None:
    outcomes = validate([figure_suite((), {})], tmp_path / "docs").outcomes[keys.FIGURES]
    assert judge_figure_rows((), {}, outcomes).passed


def test_an_expectation_that_raises_is_a_failure_of_its_own(tmp_path: Path) -> None:
    suite = figure_suite(("good",), {"good": [GOOD]})
    raising = ("good", keys.DERIVED, keys.VERDICT, keys.TOLERANCE, keys.EXPECTED, keys.UNIQUE)
    suites = [
        replace(
            suite,
            name=key,
            expectations=[
                replace(each, arguments={**each.arguments, **no_such_column(each.arguments)})
                if each.key == key
                else each
                for each in suite.expectations
            ],
        )
        for key in raising
    ]
    found = validate([suite, *suites], tmp_path / "docs").outcomes
    assert judge_figure("good", [GOOD], found[suite.name]).passed
    for key in raising:
        assert found[key][key].error is not None
        judgement = judge_figure("good", [GOOD], found[key])
        assert not judgement.passed
        assert judgement.is_blocking
        assert "good: could not be checked: " in judgement.description
        assert "no_such_column" in judgement.description


def no_such_column(arguments: Mapping[str, object]) -> dict[str, str]:
    return {"column_B" if "column_B" in arguments else "column": "no_such_column"}


def test_an_expectation_without_a_result_fails() -> None:
    outcomes = {
        key: Outcome(success=True, rows=1)
        for key in ("good", keys.DERIVED, keys.VERDICT, keys.TOLERANCE, keys.EXPECTED, keys.UNIQUE)
    }
    assert judge_figure("good", [GOOD], outcomes).passed
    outcomes["good"] = Outcome(success=False, error="it gave no result")
    assert not judge_figure("good", [GOOD], outcomes).passed


def test_data_docs_hold_the_figures_and_no_text_from_outside(validation: Validation) -> None:
    pages = [page.read_text() for page in validation.data_docs.parent.rglob("*.html")]
    assert any("trends-2025-01-28" in page or "good" in page for page in pages)
    assert any("16.5" in page for page in pages)
    for page in pages:
        assert "alert(1)" not in page


def test_data_docs_are_replaced_and_nothing_is_left_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    # The library's own site lies in a temporary folder; it must not be built.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (docs / "old.html").touch()
    suite = figure_suite(("good",), {"good": [GOOD]})
    for _ in range(2):
        assert validate([suite], docs).data_docs.is_file()
    assert not (docs / "old.html").exists()
    assert len(list((docs / "validations").rglob("*.html"))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def test_validation_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"tried to connect: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    validate([figure_suite(("good",), {"good": [GOOD]})], tmp_path / "docs")
