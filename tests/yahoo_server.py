"""A local server that speaks Yahoo's chart protocol, for driving the real yfinance client.

It hands out a cookie, gives a crumb only to who shows the cookie, and answers
`/v8/finance/chart/SYMBOL` and requests for news from a script per symbol. The last answer of a
script repeats.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock_time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from tests.local_server import LocalServer

COOKIE = "A3=test-cookie"
CRUMB = "test.crumb"
OPEN_TIME = clock_time(9, 30)


@dataclass(frozen=True)
class Bar:
    """One daily bar; None is what Yahoo serves as null."""

    day: date
    close: float | None
    volume: int | None = 1000


@dataclass
class Chart:
    """A symbol's whole history; the answer is cut to the period that was asked for."""

    bars: list[Bar]
    dividends: dict[date, float] = field(default_factory=dict)
    splits: dict[date, tuple[int, int]] = field(default_factory=dict)
    currency: str = "USD"
    zone: str = "America/New_York"
    appended: Bar | None = None  # served whatever the period is, as Yahoo does with today

    def stamp(self, day: date) -> int:
        local = datetime.combine(day, OPEN_TIME, ZoneInfo(self.zone))
        return int(local.timestamp())

    def answer(self, symbol: str, first: float, last: float) -> dict[str, Any]:
        bars = [bar for bar in self.bars if first <= self.stamp(bar.day) < last]
        if self.appended:
            bars.append(self.appended)
        closes = [bar.close for bar in bars]
        quote: dict[str, Any] = dict.fromkeys(("open", "high", "low", "close"), closes)
        quote["volume"] = [bar.volume for bar in bars]
        result: dict[str, Any] = {
            "meta": {
                "currency": self.currency,
                "symbol": symbol,
                "exchangeName": "NMS",
                "instrumentType": "EQUITY",
                "exchangeTimezoneName": self.zone,
                "timezone": "EST",
                "gmtoffset": -18000,
                "dataGranularity": "1d",
                "validRanges": ["1d", "5d", "max"],
            },
            "indicators": {"quote": [{}], "adjclose": [{}]},
        }
        if bars:
            result["timestamp"] = [self.stamp(bar.day) for bar in bars]
            adjusted = [None if c is None else c / 2 for c in closes]
            result["indicators"] = {"quote": [quote], "adjclose": [{"adjclose": adjusted}]}
        events: dict[str, Any] = {}
        for day, amount in self.dividends.items():
            stamp = self.stamp(day)
            if first <= stamp < last:
                events.setdefault("dividends", {})[str(stamp)] = {"date": stamp, "amount": amount}
        for day, (up, down) in self.splits.items():
            stamp = self.stamp(day)
            if first <= stamp < last:
                events.setdefault("splits", {})[str(stamp)] = {
                    "date": stamp,
                    "numerator": up,
                    "denominator": down,
                    "splitRatio": f"{up}:{down}",
                }
        if events:
            result["events"] = events
        return {"chart": {"result": [result], "error": None}}


@dataclass(frozen=True)
class Reply:
    """An answer that is not a good chart."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    missing_bytes: int = 0  # promised by Content-Length and never sent


def error_reply(status: int, code: str, description: str) -> Reply:
    error = {"code": code, "description": description}
    return Reply(status, json.dumps({"chart": {"result": None, "error": error}}))


class YahooServer(LocalServer):
    """Use as a context manager; `url` is its address.

    Attributes:
        scripts: per symbol, what to answer to requests for bars, in turn.
        time_zone_scripts: the same for yfinance's question for a symbol's time zone. Without a
            script it gets a good answer.
        news: per symbol, what to answer to requests for news, in turn.
        requests: every request in order, as path and query.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scripts: dict[str, list[Chart | Reply]] = {}
        self.time_zone_scripts: dict[str, list[Reply]] = {}
        self.news: dict[str, list[list[Any] | Reply]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._served: dict[tuple[str, bool], int] = defaultdict(int)

    def asked_for_bars(self, symbol: str) -> list[dict[str, str]]:
        """Return the queries for a symbol's bars, in order."""
        path = f"/v8/finance/chart/{symbol}"
        return [query for asked, query in self.requests if asked == path and "period1" in query]

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        path = unquote(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.requests.append((path, query))
        has_cookie = COOKIE in handler.headers.get("Cookie", "")
        if path == "/v1/test/getcrumb":
            _send(handler, Reply(200, CRUMB) if has_cookie else Reply(401, "no cookie"))
        elif path.startswith("/v8/finance/chart/"):
            is_known = has_cookie and query.get("crumb") == CRUMB
            refused = error_reply(401, "Unauthorized", "Invalid Crumb")
            _send(handler, self._chart(path.rsplit("/", 1)[1], query) if is_known else refused)
        else:
            cookie = {"Set-Cookie": f"{COOKIE}; Path=/; Max-Age=3600"}
            _send(handler, Reply(404, "<html></html>", cookie))

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        (symbol,) = asked["serviceConfig"]["s"]
        self.requests.append((urlsplit(handler.path).path, {"symbol": symbol}))
        script = self.news.get(symbol, [[]])
        turn = sum(query == {"symbol": symbol} for _, query in self.requests) - 1
        step = script[min(turn, len(script) - 1)]
        stream = {"data": {"tickerStream": {"stream": step}}}
        _send(handler, step if isinstance(step, Reply) else Reply(body=json.dumps(stream)))

    def _chart(self, symbol: str, query: dict[str, str]) -> Reply:
        is_bars = "period1" in query
        script: list[Chart] | list[Reply] | list[Chart | Reply]
        script = self.scripts[symbol] if is_bars else self.time_zone_scripts.get(symbol, [])
        turn = self._served[symbol, is_bars]
        self._served[symbol, is_bars] += 1
        if script:
            step = script[min(turn, len(script) - 1)]
        else:
            zones = [each.zone for each in self.scripts[symbol] if isinstance(each, Chart)]
            step = Chart([], zone=zones[0] if zones else "America/New_York")
        if isinstance(step, Reply):
            return step
        period = (float(query.get("period1", 0)), float(query.get("period2", 0)))
        return Reply(body=json.dumps(step.answer(symbol, *period)))


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    time.sleep(reply.delay_seconds)
    body = reply.body.encode()
    try:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) + reply.missing_bytes))
        handler.end_headers()
        handler.wfile.write(body)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the client did not wait
    handler.close_connection = bool(reply.missing_bytes)
