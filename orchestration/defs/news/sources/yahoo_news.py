"""Yahoo's news about each stock, through the yfinance library.

Belongs here: which stocks are asked for and what becomes of failures. Does not belong here: what
an item holds (`yahoo_items`) and the session that requests go through (`defs/prices`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from orchestration.defs.news.article import Article, ArticleError, Rejected
from orchestration.defs.news.reference import newest_rows
from orchestration.defs.news.yahoo_items import article_of
from orchestration.defs.prices.provider import (
    FetchError,
    MalformedAnswerError,
    ProviderDownError,
    RateLimitedError,
    RefusedError,
    check_symbol,
)
from orchestration.defs.prices.retry import Pause
from orchestration.settings import Settings

# The items about one symbol; raises `FetchError`.
Ask = Callable[[str], list[Any]]
_ITEMS = 20
_PAUSE_SECONDS = 0.5
_TIMEOUT_SECONDS = 10.0
# Many stocks are asked for over many runs: news must not hold up prices for hours.
_PATIENCE_SECONDS = 300.0


def articles(settings: Settings) -> Iterable[Article | Rejected]:
    """Yield Yahoo's news when Yahoo is a provider of prices, and nothing otherwise."""
    if "yahoo" not in settings.price_providers:
        return ()
    symbols = [
        row["symbol"] for row in newest_rows(settings, "instruments") if row["kind"] == "stock"
    ]
    return read_news(symbols, yahoo(settings.data_dir / "yahoo_cache", settings.yahoo_url))


def read_news(
    symbols: Iterable[str], ask: Ask, clock: Callable[[], float] = time.monotonic
) -> Iterator[Article | Rejected]:
    """Yield the news about symbols; one that fails is a rejection and loses no other.

    Args:
        symbols: what to ask for; after a refusal for too many requests no more is asked.
        ask: how.
        clock: seconds of a clock that never goes back.
    """
    end = clock() + _PATIENCE_SECONDS
    waiting = list(symbols)
    while waiting:
        symbol = waiting.pop(0)
        if clock() > end:
            left = len(waiting) + 1
            yield Rejected("yahoo", f"{left} stocks were not asked for: too little time")
            return
        try:
            items = ask(check_symbol(symbol))
        except RateLimitedError as error:
            yield Rejected(symbol, f"{error} {len(waiting)} more stocks were not asked for.")
            return
        except FetchError as error:
            yield Rejected(symbol, str(error))
            continue
        for number, item in enumerate(items, 1):
            try:
                yield article_of(item)
            except ArticleError as error:
                yield Rejected(f"{symbol}, item {number}", str(error))


def yahoo(
    cache_dir: Path,
    base_url: str | None,
    *,
    pause: Pause | None = None,
    timeout_seconds: float = _TIMEOUT_SECONDS,
) -> Ask:
    """Return how to ask Yahoo.

    Args:
        cache_dir: where yfinance keeps cookies between runs.
        base_url: scheme and host instead of Yahoo's.
        pause: the least time between requests.
        timeout_seconds: for each request.
    """
    import yfinance as yf
    from curl_cffi.requests import exceptions as http
    from yfinance.exceptions import YFException, YFRateLimitError

    from orchestration.defs.prices.yahoo_session import LastChart, open_session

    yf.config.debug.hide_exceptions = False
    cache_dir.mkdir(parents=True, exist_ok=True)
    yf.set_tz_cache_location(str(cache_dir))
    last = LastChart()
    session = open_session(
        last,
        pause=pause or Pause(_PAUSE_SECONDS),
        timeout_seconds=timeout_seconds,
        base_url=base_url,
    )

    def ask(symbol: str) -> list[Any]:
        try:
            items = yf.Ticker(symbol, session=session).get_news(count=_ITEMS)
        except YFRateLimitError as error:
            raise RateLimitedError("Yahoo answers 429, too many requests.") from error
        except http.Timeout as error:
            raise ProviderDownError(f"no answer within {timeout_seconds:g} seconds.") from error
        except OSError as error:
            raise ProviderDownError(f"Yahoo cannot be reached: {error}") from error
        except (YFException, LookupError, TypeError, ValueError, AttributeError) as error:
            raise MalformedAnswerError(
                f"yfinance cannot read the news: {type(error).__name__}: {str(error)[:100]}"
            ) from error
        # an error in JSON reads like no news
        if last.status != 200:
            raise RefusedError(f"Yahoo answers {last.status}.")
        if not isinstance(items, list):
            raise MalformedAnswerError("the news are no list.")
        return items

    return ask
