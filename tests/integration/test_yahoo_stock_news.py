"""Yahoo's news, through the real yfinance client against a local server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.news.article import Article, ArticleError, Rejected
from orchestration.defs.news.sources import yahoo_news
from orchestration.defs.news.sources.yahoo_news import Ask, read_news, yahoo
from orchestration.defs.news.yahoo_items import article_of
from orchestration.defs.prices.retry import Pause
from orchestration.defs.reference.assets import land_reference
from orchestration.settings import load_settings
from tests.yahoo_server import Reply, YahooServer

MONDAY = datetime(2025, 1, 27, 20, tzinfo=UTC)
FLAT: dict[str, Any] = {
    "uuid": "u-1",
    "title": "Nvidia falls",
    "publisher": "Paper",
    "link": "https://paper.example/1",
    "providerPublishTime": int(MONDAY.timestamp()),
    "type": "STORY",
    "relatedTickers": ["NVDA"],
}
CONTENT: dict[str, Any] = {
    "id": "n-1",
    "contentType": "STORY",
    "title": "Apple <b>rises</b>",
    "summary": "<p>Shares rose 3%.</p><script>alert(1)</script>",
    "pubDate": "2025-01-27T20:00:00Z",
    "provider": {"displayName": "Agency"},
    "canonicalUrl": {"url": "https://agency.example/1", "lang": "en-US"},
    "clickThroughUrl": None,
}
NESTED = {"id": "n-1", "content": CONTENT}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[YahooServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with YahooServer() as running:
        yield running


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yfinance")


@pytest.fixture
def ask(server: YahooServer, cache_dir: Path) -> Ask:
    return yahoo(cache_dir, server.url, pause=Pause(0.0), timeout_seconds=0.4)


def test_both_forms_of_an_item_are_read(server: YahooServer, ask: Ask) -> None:
    server.news = {"NVDA": [[FLAT, NESTED]]}
    flat, nested = read_news(["NVDA"], ask)
    assert isinstance(flat, Article)
    assert isinstance(nested, Article)
    assert (flat.title, flat.publisher, flat.body) == ("Nvidia falls", "Paper", "")
    assert (flat.language, flat.url) == (None, "https://paper.example/1")
    assert (nested.title, nested.publisher) == ("Apple <b>rises</b>", "Agency")
    assert (nested.body, nested.language) == ("Shares rose 3%.", "en")
    assert {flat.published_at, nested.published_at} == {MONDAY}
    assert {flat.published_at_source, nested.published_at_source} == {"yahoo"}


def test_an_item_about_two_symbols_is_one_article(server: YahooServer, ask: Ask) -> None:
    server.news = {"NVDA": [[NESTED]], "AAPL": [[NESTED]]}
    one, other = read_news(["NVDA", "AAPL"], ask)
    assert one == other


BAD_ITEMS: list[tuple[object, str]] = [
    ("text", "no object"),
    ({"content": None}, "no known form"),
    ({}, "no known form"),
    (FLAT | {"uuid": None, "link": None}, "neither an id nor an address"),
    (FLAT | {"title": 3}, "the title is no text"),
    (FLAT | {"title": " "}, "the title is empty"),
    (FLAT | {"link": "javascript:alert(1)"}, "not an http or https address"),
    (FLAT | {"providerPublishTime": "noon"}, "'noon' is no time"),
    (FLAT | {"providerPublishTime": 10**18}, "is no time"),
    ({"content": CONTENT | {"pubDate": "noon"}}, "'noon' is no time"),
    ({"content": CONTENT | {"pubDate": 3}}, "'3' is no time"),
    ({"content": CONTENT | {"title": None}}, "the title is no text"),
    ({"content": CONTENT | {"summary": ["x"]}}, "the summary is no text"),
]


@pytest.mark.parametrize(("item", "reason"), BAD_ITEMS)
def test_a_malformed_item_gives_its_reason(item: object, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        article_of(item)


def test_a_malformed_item_loses_no_other(server: YahooServer, ask: Ask) -> None:
    server.news = {"NVDA": [[FLAT | {"title": 3}, FLAT]]}
    bad, good = read_news(["NVDA"], ask)
    assert bad == Rejected("NVDA, item 1", "the title is no text")
    assert isinstance(good, Article)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(500, '{"error": "x"}'), "Yahoo answers 500"),
        (Reply(503, "<html>oops</html>"), "cannot read the news"),
        (Reply(404, "{}"), "Yahoo answers 404"),
        (Reply(200, "<html>Sign in</html>"), "cannot read the news"),
        (Reply(200, "Will be right back"), "cannot read the news"),
        (Reply(200, '{"data": {"tickerStream": {"st'), "cannot read the news"),
        (Reply(200, "[]"), "cannot read the news"),
        (Reply(200, '{"data": {"tickerStream": {"stream": {"a": 1}}}}'), "cannot read the news"),
        (Reply(delay_seconds=0.7), "no answer within 0.4 seconds"),
        (Reply(200, "{}", missing_bytes=9), "cannot be reached"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_bad_answer_is_one_rejection_and_loses_no_other_symbol(
    server: YahooServer, ask: Ask, reply: Reply, reason: str
) -> None:
    server.news = {"AMD": [[FLAT]], "BAD": [reply], "ZM": [[NESTED]]}
    first, bad, last = read_news(["AMD", "BAD", "ZM"], ask)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(bad, Rejected)
    assert bad.name == "BAD"
    assert reason in bad.reason


def test_after_too_many_requests_nobody_is_asked(server: YahooServer, ask: Ask) -> None:
    server.news = {"AMD": [[FLAT]], "BUSY": [Reply(429, "Too Many Requests")]}
    good, busy = read_news(["AMD", "BUSY", "ZM", "NVDA"], ask)
    assert isinstance(good, Article)
    assert isinstance(busy, Rejected)
    assert busy.reason.endswith("2 more stocks were not asked for.")
    assert {query.get("symbol") for _, query in server.requests} & {"ZM", "NVDA"} == set()


def test_news_end_when_their_time_is_used_up(server: YahooServer, ask: Ask) -> None:
    moments = iter([0.0, 1.0, 301.0])
    (last,) = read_news(["AMD", "NVDA", "ZM"], ask, clock=lambda: next(moments))
    assert last == Rejected("yahoo", "2 stocks were not asked for: too little time")


def test_only_stocks_are_asked_for_and_only_when_prices_come_from_yahoo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(provider: str) -> list[Any]:
        settings = load_settings(
            {"AFTERSHOCK_DATA_DIR": str(tmp_path), "AFTERSHOCK_PRICE_PROVIDER": provider}
        )
        land_reference(settings, ["instruments", "exchanges"], datetime.now(UTC), print)
        return list(yahoo_news.articles(settings))

    monkeypatch.setattr(yahoo_news, "yahoo", lambda *_: None)
    monkeypatch.setattr(yahoo_news, "read_news", lambda symbols, _: list(symbols))
    assert in_use("recorded") == []
    asked = in_use("yahoo")
    assert "NVDA" in asked
    assert not any(symbol.startswith("^") or "=" in symbol for symbol in asked)
