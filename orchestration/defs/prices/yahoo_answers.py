"""What an answer of Yahoo's chart address says, before yfinance sees it.

Belongs here: telling a good answer from an empty, refused, cut or foreign one, and the parts
that yfinance loses. Does not belong here: sending requests (`yahoo_session.py`).

yfinance 1.7 does not look at the status: a server error, a page of HTML, a cut body and an
empty answer all become no rows, and a failed answer about past days is kept in its cache, so
that asking again never reaches the server. Each answer is judged here first, and a bad one is
raised before it can be kept.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.defs.prices.provider import (
    MalformedAnswerError,
    NoDataError,
    ProviderDownError,
    RateLimitedError,
    RefusedError,
    TruncatedAnswerError,
    UnknownSymbolError,
)

Chart = dict[str, Any]


def read_chart(status: int, text: str, retry_after: str = "") -> Chart:
    """Return the chart of an answer: `meta`, `indicators`, perhaps `timestamp` and `events`.

    Args:
        status: the HTTP status.
        text: the body.
        retry_after: the header of that name; only seconds are understood.

    Raises:
        FetchError: of the kind that the answer is.
    """
    if status == 429:
        wait = float(retry_after) if retry_after.isdecimal() else 0.0
        raise RateLimitedError("Yahoo answers 429, too many requests.", retry_after_seconds=wait)
    if status >= 500:
        raise ProviderDownError(f"Yahoo answers {status}, a server error.")
    if status == 200 and "Will be right back" in text:
        raise ProviderDownError("Yahoo serves its page for being down.")
    try:
        answer = json.loads(text)
    except ValueError as error:
        if status != 200:
            raise RefusedError(f"Yahoo answers {status} without a reason.") from error
        if text.lstrip()[:1] in ("{", ""):
            raise TruncatedAnswerError(f"the answer stops after {len(text)} characters.") from error
        raise MalformedAnswerError("the answer is not JSON but begins " + _start(text)) from error
    chart = answer.get("chart") if isinstance(answer, dict) else None
    if not isinstance(chart, dict):
        raise MalformedAnswerError("the answer has no chart but begins " + _start(text))
    if status != 200 or chart.get("error"):
        _raise_for_error(status, chart.get("error"))
    match chart.get("result"):
        case [{"meta": dict(), "indicators": dict()} as result, *_]:
            return dict(result)
    raise MalformedAnswerError("the chart has no result but begins " + _start(text))


def session_volumes(chart: Chart) -> dict[date, int | None]:
    """Return the volume per session that the answer really has, in shares.

    yfinance turns a missing volume into 0, which means something else, and adds rows for
    dividends on days without a bar.
    """
    quote = (chart["indicators"].get("quote") or [{}])[0]
    stamps = chart.get("timestamp") or []
    volumes = quote.get("volume") or [None] * len(stamps)
    zone = ZoneInfo(chart["meta"]["exchangeTimezoneName"])
    return {local_date(stamp, zone): volume for stamp, volume in zip(stamps, volumes, strict=True)}


def corporate_actions(symbol: str, chart: Chart) -> list[dict[str, object]]:
    """Return dividends and splits as rows of `tables.actions_schema()`.

    yfinance moves a dividend of a day without a bar to the bar before; its own date is kept here.
    Two dividends of one day are one sum, and two splits one product.
    """
    zone = ZoneInfo(chart["meta"]["exchangeTimezoneName"])
    events = chart.get("events") or {}
    found: dict[tuple[date, str], float] = {}
    for event in (events.get("dividends") or {}).values():
        key = (local_date(event["date"], zone), "dividend")
        found[key] = found.get(key, 0.0) + float(event["amount"])
    for event in (events.get("splits") or {}).values():
        key = (local_date(event["date"], zone), "split")
        found[key] = found.get(key, 1.0) * float(event["numerator"]) / float(event["denominator"])
    return [
        {"symbol": symbol, "ex_date": day, "kind": kind, "value": value}
        for (day, kind), value in sorted(found.items())
    ]


def local_date(stamp: int, zone: ZoneInfo) -> date:
    """Return the exchange's date of a bar's timestamp (seconds since 1970).

    Around a clock change Yahoo is an hour or two early for midnight; yfinance mends that with
    the same rule.
    """
    local = datetime.fromtimestamp(stamp, UTC).astimezone(zone)
    if local.hour >= 22 and local.minute == 0:
        return local.date() + timedelta(days=1)
    return local.date()


def _raise_for_error(status: int, error: object) -> None:
    code, reason = "", "no reason given"
    if isinstance(error, dict):
        code, reason = str(error.get("code", "")), str(error.get("description", reason))
    if status == 404 or code == "Not Found":
        raise UnknownSymbolError(f"Yahoo does not know the symbol: {_start(reason)}")
    if reason.startswith("Data doesn't exist"):
        raise NoDataError(f"Yahoo has nothing for these days: {_start(reason)}")
    raise RefusedError(f"Yahoo answers {status} {code}: {_start(reason)}")


def _start(text: str) -> str:
    return repr(" ".join(text[:300].split())[:100])
