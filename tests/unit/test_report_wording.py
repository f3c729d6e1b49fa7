"""How the report writes values, and where it puts the parts of a bar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.defs.report import wording
from orchestration.defs.report.price_bar import BOTTOM, LINE_HEIGHT, TOP, price_bar


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (wording.number(19341.8), "19,341.80"),
        (wording.number(-0.001), "0.00"),
        (wording.number(None), "—"),
        (wording.signed(-16.968), "\N{MINUS SIGN}16.97"),
        (wording.signed(3.178), "+3.18"),
        (wording.signed(0.001), "0.00"),
        (wording.signed(0), "0.00"),
        (wording.probability(0.00004), "< 0.0001"),
        (wording.probability(0.05), "0.0500"),
        (wording.share(0.3848), "38\u202f%"),
        (wording.derived(16.968, "percent", "down"), "\N{MINUS SIGN}16.97\u202f%"),
        (wording.derived(-0.2427, "percent", "down"), "+0.24\u202f%"),
        (wording.derived(592658000000.0, "usd", "down"), "\N{MINUS SIGN}592.66 billion USD"),
        (wording.derived(118.42, "usd", None), "118.42 USD"),
        (wording.derived(-2.0, "percentage_point", "up"), "\N{MINUS SIGN}2.00 percentage points"),
        (wording.day(date(2025, 1, 27)), "27 Jan 2025"),
        (wording.moment(datetime(2025, 1, 27, 19, 33, tzinfo=UTC)), "27 Jan 2025, 19:33 UTC"),
        (wording.words("confirmed_other_basis"), "confirmed other basis"),
    ],
)
def test_values_are_written_for_a_reader(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "ftp://a.example/b",
        "https://a.example/\njavascript:x",
        "https://a.example/\"onclick='x'",
        "https:\\\\a.example",
    ],
)
def test_only_a_web_address_becomes_a_link(address: str | None) -> None:
    assert wording.link(address) is None
    assert wording.link("https://a.example/b?c=d#e") == "https://a.example/b?c=d#e"


@given(st.text())
def test_a_page_stays_in_its_folder_whatever_its_id(identifier: str) -> None:
    name = wording.page_name(identifier)
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
    assert name.endswith(".html")
    assert len(name) <= 110


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "bar_open": 124.8,
        "bar_high": 128.4,
        "bar_low": 116.7,
        "bar_close": 118.42,
        "previous_close": 142.62,
        "derived_close_value": 16.968167157,
        "derived_value": 16.968167157,
        "interval_low": 16.5,
        "interval_high": 17.5,
        "basis": "close_to_close",
        "measure": "price_change",
        "period": "session",
    } | changes


def test_a_claimed_move_lies_where_the_price_would_have_been() -> None:
    drawing = price_bar(claim())
    assert drawing is not None
    assert drawing.band is not None
    # 17 % below 142.62 is 118.37, and the drawing spans 116.7 to 142.62
    per_unit = (BOTTOM - TOP) / (142.62 - 116.7)
    ends = [BOTTOM - per_unit * (142.62 * (1 - move) - 116.7) for move in (0.165, 0.175)]
    assert drawing.band == pytest.approx(ends, abs=0.5)
    assert drawing.marks["previous"] == TOP
    assert drawing.marks["low"] == BOTTOM


def test_a_level_is_a_price_and_an_open_end_runs_off_the_drawing() -> None:
    level = price_bar(claim(measure="price_level", interval_low=120.0, interval_high=None))
    assert level is not None
    assert level.band is not None
    assert level.band[0] == TOP
    assert level.marks["high"] < level.band[1] < level.marks["low"]
    rise = price_bar(claim(interval_low=0.0, interval_high=None))
    assert rise is not None
    assert rise.band == (TOP, BOTTOM)  # any fall at all, from the previous close down


def test_without_four_prices_there_is_no_drawing_and_without_a_scale_no_band() -> None:
    assert price_bar(claim(bar_open=None)) is None
    for changes in (
        {"derived_close_value": None},
        {"previous_close": None},
        {"period": "week"},
        {"measure": "market_value_level"},
        {"interval_low": None, "interval_high": None},
    ):
        drawing = price_bar(claim(**changes))
        assert drawing is not None
        assert drawing.band is None


@given(st.lists(st.floats(1.0, 1000.0), min_size=5, max_size=5))
def test_no_label_covers_another_or_leaves_the_drawing(prices: list[float]) -> None:
    before, *inside = prices
    drawing = price_bar(
        claim(
            bar_open=inside[0],
            bar_close=inside[1],
            bar_high=max(inside),
            bar_low=min(inside),
            previous_close=before,
        )
    )
    assert drawing is not None
    for labels in (drawing.left, drawing.right):
        places = [label.text_y for label in labels]
        assert all(b - a >= LINE_HEIGHT - 1e-9 for a, b in pairwise(places))
        assert all(TOP - 1e-9 <= place <= BOTTOM + 1e-9 for place in places)
