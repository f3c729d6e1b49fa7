"""The Yahoo provider, driven through the real yfinance client against a local server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.defs.prices.collect import Collected, collect
from orchestration.defs.prices.ingest import ingest
from orchestration.defs.prices.plan import PriceFetchConfig, Request
from orchestration.defs.prices.provider import Fetched, UnknownSymbolError
from orchestration.defs.prices.providers.yahoo import YahooProvider
from orchestration.defs.prices.retry import Pause, Retrier
from tests.price_world import land_reference, settings_in, utc
from tests.yahoo_server import Bar, Chart, Reply, YahooServer, error_reply

FRIDAY, MONDAY, TUESDAY = date(2025, 1, 24), date(2025, 1, 27), date(2025, 1, 28)
NVDA = Chart([Bar(FRIDAY, 142.62), Bar(MONDAY, 118.42), Bar(TUESDAY, 128.99)])
TOO_MANY = Reply(429, "Too Many Requests")
NO_DATES = "Data doesn't exist for startDate = 1737694800, endDate = 1738126800"
NOT_FOUND = error_reply(404, "Not Found", "No data found, symbol may be delisted")
NO_QUOTES = (
    '{"chart": {"result": [{"meta": {"exchangeTimezoneName": "America/New_York"},'
    ' "timestamp": [1737729000], "indicators": {"quote": [{"open": [1.0]}]}}], "error": null}}'
)
ZONE_ONLY = (
    '{"chart": {"result": [{"meta": {"exchangeTimezoneName": "America/New_York"},'
    ' "indicators": {}}], "error": null}}'
)
CUT_JSON = '{"chart": {"result": [{"meta": {"curr'


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yfinance")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[YahooServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with YahooServer() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def yahoo(server: YahooServer, cache_dir: Path, waits: list[float]) -> YahooProvider:
    return YahooProvider(
        cache_dir,
        base_url=server.url,
        timeout_seconds=0.4,
        pause=Pause(0.0),
        retrier=Retrier(tries=3, sleep=waits.append, jitter=lambda: 0.0),
    )


def ask(provider: YahooProvider, *symbols: str) -> Collected:
    requests = [Request(symbol, FRIDAY, TUESDAY) for symbol in symbols]
    return collect(provider, requests, unasked={}, landed={}, splits=set())


def closes(answer: Fetched) -> dict[date, float | None]:
    days, values = answer.bars["session_date"].to_pylist(), answer.bars["close"].to_pylist()
    return dict(zip(days, values, strict=True))


def test_a_good_answer_has_both_ends_and_every_landed_column(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    server.scripts["NVDA"] = [NVDA]
    answer = yahoo.fetch("NVDA", FRIDAY, MONDAY)
    assert answer.bars.to_pylist() == [
        {
            "symbol": "NVDA",
            "session_date": day,
            "open": close,
            "high": close,
            "low": close,
            "close": close,
            "adjusted_close": close / 2,
            "volume": 1000,
            "currency": "USD",
        }
        for day, close in ((FRIDAY, 142.62), (MONDAY, 118.42))
    ]
    assert answer.tries == 1
    paths = [path for path, _ in server.requests]
    assert paths.index("/") < paths.index("/v1/test/getcrumb") < len(paths) - 1


@dataclass(frozen=True)
class Case:
    symbol: str
    script: list[Chart | Reply]
    outcome: str
    tries: int
    reason: str = ""


CASES = [
    Case("EMPTY", [Chart([])], "no_data", 1, "no bars from 2025-01-24 to 2025-01-28"),
    Case("EARLY", [error_reply(400, "Bad Request", NO_DATES)], "no_data", 1, "nothing for"),
    Case("GONE", [NOT_FOUND], "unknown_symbol", 1, "may be delisted"),
    Case("BADARG", [error_reply(422, "Unprocessable", "no such range")], "refused", 1, "422"),
    Case("LIMITED", [TOO_MANY, NVDA], "answered", 2),
    Case("BLOCKED", [TOO_MANY], "rate_limited", 3, "429"),
    Case("FLAKY", [Reply(500, "<html>oops</html>"), NVDA], "answered", 2),
    Case("DOWN", [Reply(503, CUT_JSON)], "provider_down", 3, "503"),
    Case("PAUSED", [Reply(200, "<h1>Will be right back...</h1>")], "provider_down", 3, "down"),
    Case("LATE", [Reply(delay_seconds=0.7), NVDA], "answered", 2),
    Case("SLOW", [Reply(delay_seconds=0.7)], "provider_down", 3, "within 0.4 seconds"),
    Case("CUTONCE", [Reply(200, CUT_JSON, missing_bytes=99), NVDA], "answered", 2),
    Case("CUT", [Reply(200, CUT_JSON, missing_bytes=99)], "truncated_answer", 3, "connection"),
    Case("HALF", [Reply(200, CUT_JSON)], "truncated_answer", 3, "stops after 37 characters"),
    Case("HTML", [Reply(200, "<html>Sign in</html>")], "malformed_answer", 1, "Sign in"),
    Case("OTHER", [Reply(200, '{"finance": {}}')], "malformed_answer", 1, "no chart"),
    Case("BARE", [Reply(200, NO_QUOTES)], "malformed_answer", 1, "yfinance cannot read"),
    Case("LOGIN", [error_reply(401, "Unauthorized", "Invalid Crumb")], "refused", 1, "401"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.symbol)
def test_each_kind_of_answer_has_its_outcome_and_loses_no_other_symbol(
    server: YahooServer, yahoo: YahooProvider, case: Case
) -> None:
    server.scripts = {"AMD": [NVDA], case.symbol: case.script, "ZM": [NVDA]}
    collected = ask(yahoo, "AMD", case.symbol, "ZM")
    found = {each.symbol: each for each in collected.outcomes}
    assert (found[case.symbol].outcome, found[case.symbol].tries) == (case.outcome, case.tries)
    assert case.reason in found[case.symbol].reason
    if case.outcome != "refused":  # yfinance itself asks once more with a fresh cookie
        assert len(server.asked_for_bars(case.symbol)) == case.tries
    assert [found[other].rows for other in ("AMD", "ZM")] == [3, 3]
    assert set(collected.bars["symbol"].to_pylist()) >= {"AMD", "ZM"}


def test_the_wait_doubles_and_obeys_what_yahoo_asks_for(
    server: YahooServer, yahoo: YahooProvider, waits: list[float]
) -> None:
    server.scripts["WAIT"] = [Reply(503), Reply(503), NVDA]
    assert yahoo.fetch("WAIT", FRIDAY, TUESDAY).tries == 3
    assert waits == [1.0, 2.0]
    server.scripts["POLITE"] = [Reply(429, headers={"Retry-After": "17"}), NVDA]
    yahoo.fetch("POLITE", FRIDAY, TUESDAY)
    assert waits == [1.0, 2.0, 17.0]


def test_a_refused_cookie_is_renewed_without_a_try_of_ours(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    server.scripts["STALE"] = [error_reply(401, "Unauthorized", "Invalid Crumb"), NVDA]
    answer = yahoo.fetch("STALE", FRIDAY, TUESDAY)
    assert (answer.tries, answer.bars.num_rows) == (1, 3)
    assert len(server.asked_for_bars("STALE")) == 2


@pytest.mark.parametrize(
    ("symbol", "reply", "outcome", "tries"),
    [
        ("TZGONE", NOT_FOUND, "unknown_symbol", 1),
        ("TZLIMIT", TOO_MANY, "answered", 2),
        ("TZSLOW", Reply(body=ZONE_ONLY, delay_seconds=0.7), "answered", 2),
    ],
)
def test_the_question_for_the_time_zone_is_judged_too(
    server: YahooServer,
    yahoo: YahooProvider,
    *,
    symbol: str,
    reply: Reply,
    outcome: str,
    tries: int,
) -> None:
    server.scripts[symbol] = [NVDA]
    server.time_zone_scripts[symbol] = [reply, Reply(body=ZONE_ONLY)]
    [found] = ask(yahoo, symbol).outcomes
    assert (found.outcome, found.tries) == (outcome, tries)


def test_a_session_without_a_close_is_kept_as_nulls(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    server.scripts["HOLE"] = [Chart([Bar(FRIDAY, 10.0), Bar(MONDAY, None, None)])]
    answer = yahoo.fetch("HOLE", FRIDAY, TUESDAY)
    assert closes(answer) == {FRIDAY: 10.0, MONDAY: None}
    assert answer.bars["volume"].to_pylist() == [1000, None]
    assert answer.bars["adjusted_close"].to_pylist() == [5.0, None]


def test_a_split_changes_no_bar_and_a_dividend_keeps_its_own_day(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    chart = Chart(
        [Bar(FRIDAY, 10.0), Bar(TUESDAY, 11.0)],
        dividends={MONDAY: 0.25},  # a day without a bar
        splits={TUESDAY: (10, 1)},
    )
    server.scripts["SPLIT"] = [chart]
    answer = yahoo.fetch("SPLIT", FRIDAY, TUESDAY)
    assert closes(answer) == {FRIDAY: 10.0, TUESDAY: 11.0}
    assert [tuple(row.values()) for row in answer.actions.to_pylist()] == [
        ("SPLIT", MONDAY, "dividend", 0.25),
        ("SPLIT", TUESDAY, "split", 10.0),
    ]


def test_a_dividend_after_the_last_bar_makes_no_bar(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    server.scripts["AFTER"] = [Chart([Bar(FRIDAY, 10.0)], dividends={TUESDAY: 0.25})]
    answer = yahoo.fetch("AFTER", FRIDAY, TUESDAY)
    assert closes(answer) == {FRIDAY: 10.0}
    assert answer.actions["ex_date"].to_pylist() == [TUESDAY]


def test_the_running_session_that_yahoo_appends_is_cut_off(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    chart = Chart(list(NVDA.bars), appended=Bar(date(2025, 1, 29), 125.0))
    server.scripts["TODAY"] = [chart]
    assert ask(yahoo, "TODAY").bars["session_date"].to_pylist() == [FRIDAY, MONDAY, TUESDAY]


def test_a_session_of_today_lands_when_it_is_over_and_then_never_again(
    server: YahooServer, yahoo: YahooProvider, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    land_reference(settings, {"INTC": "XNYS"})
    monday = Bar(MONDAY, 118.42)
    server.scripts["INTC"] = [Chart([Bar(FRIDAY, 142.62), monday], appended=monday)]

    def landed_at(now: datetime) -> list[date]:
        done = ingest(lambda _: yahoo, settings, PriceFetchConfig(), now=now, warn=print)
        days: list[date] = done.bars["session_date"].to_pylist()
        return days

    assert landed_at(utc(1, 27, 18)) == [FRIDAY]
    assert landed_at(utc(1, 27, 21, 30)) == [MONDAY]
    assert landed_at(utc(1, 27, 22)) == []


def test_pence_are_told_by_the_currency(server: YahooServer, yahoo: YahooProvider) -> None:
    server.scripts["VOD.L"] = [Chart(NVDA.bars, currency="GBp", zone="Europe/London")]
    answer = yahoo.fetch("VOD.L", FRIDAY, TUESDAY)
    assert answer.currency == "GBp"
    assert set(answer.bars["currency"].to_pylist()) == {"GBp"}


def test_the_session_is_the_date_at_the_exchange(server: YahooServer, yahoo: YahooProvider) -> None:
    # 9:30 in Tokyo is half past midnight in UTC and still the day before in New York.
    server.scripts["6857.T"] = [Chart(NVDA.bars, currency="JPY", zone="Asia/Tokyo")]
    assert list(closes(yahoo.fetch("6857.T", FRIDAY, TUESDAY))) == [FRIDAY, MONDAY, TUESDAY]


def test_a_correction_of_a_past_day_is_seen_in_the_same_process(
    server: YahooServer, yahoo: YahooProvider
) -> None:
    corrected = Chart([Bar(FRIDAY, 142.62), Bar(MONDAY, 118.58)])
    server.scripts["LATER"] = [NVDA, corrected]
    assert closes(yahoo.fetch("LATER", FRIDAY, MONDAY))[MONDAY] == 118.42
    assert closes(yahoo.fetch("LATER", FRIDAY, MONDAY))[MONDAY] == 118.58


@pytest.mark.parametrize(
    "symbol", ["'; drop table x", "../etc", "NVDA/../x", "nvda", "A?b=1", "", "US67066G1040"]
)
def test_nothing_is_sent_for_what_cannot_be_a_symbol(
    server: YahooServer, yahoo: YahooProvider, symbol: str
) -> None:
    with pytest.raises(UnknownSymbolError, match="symbol"):
        yahoo.fetch(symbol, FRIDAY, TUESDAY)
    assert server.requests == []


def test_a_provider_that_cannot_be_reached_is_down(
    yahoo_at: Callable[[str], YahooProvider],
) -> None:
    [found] = ask(yahoo_at("http://127.0.0.1:1"), "NVDA").outcomes
    assert (found.outcome, found.tries) == ("provider_down", 3)


@pytest.fixture
def yahoo_at(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], YahooProvider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def at(url: str) -> YahooProvider:
        return YahooProvider(
            cache_dir,
            base_url=url,
            timeout_seconds=0.4,
            pause=Pause(0.0),
            retrier=Retrier(tries=3, sleep=lambda _: None),
        )

    return at
