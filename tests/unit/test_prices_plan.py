"""What is asked for: configuration, watermark and overlap."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from orchestration.defs.prices.inputs import Instrument
from orchestration.defs.prices.landed import Reach
from orchestration.defs.prices.plan import (
    PlanError,
    PriceFetchConfig,
    Request,
    overlap_start,
    plan,
)
from orchestration.defs.prices.provider import FetchError
from tests.price_world import CLOSES, utc

NOW = utc(1, 28, 12)
FIRST_DAY = date(2024, 12, 20)
SESSIONS = {
    mic: sorted(day for day in days if day < date(2025, 1, 28)) for mic, days in CLOSES.items()
}
NVDA = Instrument("NVDA", "XNYS")
SAMSUNG = Instrument("005930.KS", "XKRX")


def planned(
    config: dict[str, Any] | None = None,
    landed: dict[str, Reach] | None = None,
    now: datetime = NOW,
) -> tuple[list[Request], dict[str, FetchError]]:
    return plan(
        PriceFetchConfig(**(config or {})),
        [SAMSUNG, NVDA],
        SESSIONS,
        landed or {},
        first_day=FIRST_DAY,
        now=now,
    )


def test_without_landed_rows_everything_is_asked_for() -> None:
    requests, unasked = planned()
    assert requests == [
        Request("005930.KS", FIRST_DAY, date(2025, 1, 24)),
        Request("NVDA", FIRST_DAY, date(2025, 1, 27)),
    ]
    assert unasked == {}


def test_with_landed_rows_five_sessions_are_asked_for_again() -> None:
    landed = {"NVDA": Reach(date(2025, 1, 2), date(2025, 1, 24))}
    requests, _ = planned(landed=landed)
    # 23, 22, 21, 17 and 16 January: neither the weekend nor the holiday of the 20th counts.
    assert Request("NVDA", date(2025, 1, 16), date(2025, 1, 27)) in requests
    assert Request("005930.KS", FIRST_DAY, date(2025, 1, 24)) in requests


def test_the_overlap_counts_back_from_the_last_session_at_or_before_the_watermark() -> None:
    sessions = SESSIONS["XNYS"]
    assert overlap_start(sessions, date(2025, 1, 20)) == date(2025, 1, 10)  # a holiday
    assert overlap_start(sessions, date(2024, 12, 24)) == sessions[0]  # fewer than five before
    assert overlap_start(sessions, date(2024, 12, 1)) == date(2024, 12, 1)  # before all


def test_a_backfill_ignores_the_watermark_and_ends_with_the_last_closed_session() -> None:
    landed = {"NVDA": Reach(date(2025, 1, 2), date(2025, 1, 27))}
    one = {"start_date": "2025-01-10", "end_date": "2025-01-28", "symbols": ["NVDA"]}
    assert planned(one, landed)[0] == [Request("NVDA", date(2025, 1, 10), date(2025, 1, 27))]
    until = {"end_date": "2025-01-10", "symbols": ["NVDA"]}
    assert planned(until, landed)[0] == [Request("NVDA", FIRST_DAY, date(2025, 1, 10))]


def test_symbols_alone_keep_the_watermark_and_are_asked_for_once() -> None:
    landed = {"NVDA": Reach(date(2025, 1, 2), date(2025, 1, 24))}
    requests, _ = planned({"symbols": ["NVDA", "NVDA"]}, landed)
    assert requests == [Request("NVDA", date(2025, 1, 16), date(2025, 1, 27))]


def test_a_day_whose_session_is_not_over_is_not_asked_for_and_says_so() -> None:
    requests, unasked = planned({"start_date": "2025-01-28"})
    assert requests == []
    assert unasked["NVDA"].outcome == "no_data"
    assert "no session of XNYS from 2025-01-28 on is over" in str(unasked["NVDA"])


def test_an_exchange_without_sessions_is_named_and_loses_no_other() -> None:
    lone = Instrument("X", "XLON")
    requests, unasked = plan(
        PriceFetchConfig(), [lone, NVDA], SESSIONS, {}, first_day=FIRST_DAY, now=NOW
    )
    assert [request.symbol for request in requests] == ["NVDA"]
    assert (unasked["X"].outcome, unasked["X"].is_failure) == ("no_calendar", True)
    assert "XLON" in str(unasked["X"])


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"start_date": "27-01-2025"}, r"start_date: '27-01-2025' is not a day.*YYYY-MM-DD"),
        ({"end_date": "2025-02-30"}, r"end_date: '2025-02-30' is not a day that exists"),
        ({"start_date": "2025-01-27; drop table x"}, "is not a day"),
        (
            {"start_date": "2025-01-27", "end_date": "2025-01-24"},
            "start_date: 2025-01-27 is after end_date 2025-01-24; swap them",
        ),
        ({"end_date": "2025-01-30"}, "end_date: 2025-01-30 is in the future; .* 2025-01-29"),
        ({"start_date": "2010-01-04"}, "before the first known session; choose 2024-12-20"),
        ({"symbols": ["NVDA", "'; drop table x"]}, r"""symbols: "'; drop table x" not in"""),
        ({"symbols": ["../etc"]}, r"'../etc' not in data/reference/instruments.csv"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named_with_its_mend(
    config: dict[str, Any], message: str
) -> None:
    # Noon in UTC on the 28th is already the 29th on the easternmost clocks.
    with pytest.raises(PlanError, match=message):
        planned(config)
