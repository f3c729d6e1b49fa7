"""The Yahoo provider: daily bars through the yfinance library, one symbol at a time.

Belongs here: what is asked of `yfinance.Ticker.history` and how its rows become landed ones.
Does not belong here: judging raw answers (`yahoo_answers.py`) and pace (`retry.py`).
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.defs.prices.provider import (
    Fetched,
    MalformedAnswerError,
    NoDataError,
    ProviderDownError,
    RateLimitedError,
    RefusedError,
    TruncatedAnswerError,
    UnknownSymbolError,
    check_symbol,
)
from orchestration.defs.prices.retry import Pause, Retrier
from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.defs.prices.yahoo_answers import Chart, corporate_actions, session_volumes
from orchestration.defs.prices.yahoo_session import LastChart, open_session

if TYPE_CHECKING:
    from orchestration.settings import Settings

_PRICES = {
    "open": "Open",
    "high": "High",
    "low": "Low",
    "close": "Close",
    "adjusted_close": "Adj Close",
}
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")


class YahooProvider:
    """Asks Yahoo, politely.

    Args:
        cache_dir: where yfinance keeps time zones and cookies between runs.
        base_url: scheme and host instead of Yahoo's, for a gateway or a test.
        timeout_seconds: for each request.
        pause: the least time between requests.
        retrier: what to do about a failure that may pass.
    """

    name = "yahoo"
    is_asked_whole = False

    def __init__(
        self,
        cache_dir: Path,
        *,
        base_url: str | None = None,
        timeout_seconds: float = 10.0,
        pause: Pause | None = None,
        retrier: Retrier | None = None,
    ) -> None:
        self._cache_dir = cache_dir
        self._base_url = base_url
        self._timeout = timeout_seconds
        self._pause = pause or Pause(0.5)
        self._retrier = retrier or Retrier()
        self._last = LastChart()
        self._session: Any = None

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return Yahoo's bars from `start` to `end`, both included.

        Raises:
            FetchError: the kind says why; `tries` says how often Yahoo was asked.
        """
        # yfinance puts the symbol into the address as it is, and looks an ISIN up elsewhere.
        check_symbol(symbol)
        if _ISIN.fullmatch(symbol):
            raise UnknownSymbolError(f"{symbol} is an ISIN; give the Yahoo symbol of the listing.")
        answer, tries = self._retrier.call(lambda: self._ask(symbol, start, end))
        return Fetched(answer.bars, answer.actions, answer.currency, tries)

    def available_until(self, symbol: str) -> date | None:
        """Return None: Yahoo goes on."""
        return None

    def rejections(self) -> list[str]:
        """Return nothing: nobody hands files to it."""
        return []

    def _ask(self, symbol: str, start: date, end: date) -> Fetched:
        import yfinance as yf
        from curl_cffi.requests import exceptions as http
        from yfinance.data import YfData
        from yfinance.exceptions import YFException, YFRateLimitError

        if self._session is None:
            yf.config.debug.hide_exceptions = False
            self._cache_dir.mkdir(parents=True, exist_ok=True)
            yf.set_tz_cache_location(str(self._cache_dir))
            self._session = open_session(
                self._last,
                pause=self._pause,
                timeout_seconds=self._timeout,
                base_url=self._base_url,
            )
        # Answers about past days are kept for as long as the process lives: a late correction
        # would never be seen.
        YfData.cache_get.cache_clear()
        try:
            frame = yf.Ticker(symbol, session=self._session).history(
                start=start,
                end=end + timedelta(days=1),  # yfinance leaves the last day out
                interval="1d",
                auto_adjust=False,
                actions=True,
                repair=False,  # it has invented splits
                keepna=True,  # else a session without a close disappears
                timeout=self._timeout,
            )
            chart = self._last.chart
            return Fetched(
                bars=_bars(symbol, frame, chart),
                actions=_actions(symbol, chart),
                currency=chart["meta"].get("currency"),
            )
        except YFRateLimitError as error:
            raise RateLimitedError("Yahoo answers 429 to a cookie request.") from error
        except http.Timeout as error:
            raise ProviderDownError(f"no answer within {self._timeout:g} seconds.") from error
        except http.IncompleteRead as error:
            raise TruncatedAnswerError("the connection closed before the answer ended.") from error
        except OSError as error:
            raise ProviderDownError(f"Yahoo cannot be reached: {error}") from error
        except (YFException, LookupError, TypeError, ValueError, AttributeError) as error:
            if self._last.refused_status:
                raise RefusedError(
                    f"Yahoo answers {self._last.refused_status}, access refused."
                ) from error
            if self._last.chart and not self._last.chart.get("timestamp"):
                raise NoDataError(f"Yahoo has no bars from {start} to {end}.") from error
            raise MalformedAnswerError(
                f"yfinance cannot read the answer: {type(error).__name__}: {error}"
            ) from error


def _bars(symbol: str, frame: Any, chart: Chart) -> Any:
    """Return the frame's rows as landed bars. A price that is no number becomes null."""
    import pyarrow as pa

    volumes = session_volumes(chart)
    currency = chart["meta"].get("currency")
    rows = [
        {
            "symbol": symbol,
            "session_date": stamp.date(),
            **{name: _finite(row[column]) for name, column in _PRICES.items()},
            "volume": None if volumes[stamp.date()] is None else int(row["Volume"]),
            "currency": currency,
        }
        for stamp, row in zip(frame.index, frame.to_dict("records"), strict=True)
        if stamp.date() in volumes
    ]
    return pa.Table.from_pylist(rows, schema=bars_schema())


def _actions(symbol: str, chart: Chart) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(corporate_actions(symbol, chart), schema=actions_schema())


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def provider(settings: Settings) -> YahooProvider:
    """Return the provider with its caches in the deployment's data folder."""
    return YahooProvider(settings.data_dir / "yahoo_cache", base_url=settings.yahoo_url)
