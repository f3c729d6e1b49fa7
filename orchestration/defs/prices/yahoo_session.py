"""The HTTP session that yfinance sends its requests through.

Belongs here: pace, address, timeout, and judging each chart answer as it arrives. Does not
belong here: cookies and crumbs, which yfinance manages itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from orchestration.defs.prices.retry import Pause
from orchestration.defs.prices.yahoo_answers import Chart, read_chart

_CHART_PATH = "/v8/finance/chart/"


@dataclass
class LastChart:
    """The last chart answer of a session.

    Attributes:
        chart: what it said; empty until there is one and after a refusal.
        refused_status: 401 or 403 if Yahoo wanted a fresh cookie, else None.
        status: of the last answer of any kind.
    """

    chart: Chart = field(default_factory=dict)
    refused_status: int | None = None
    status: int | None = None


def open_session(
    last: LastChart, *, pause: Pause, timeout_seconds: float, base_url: str | None
) -> Any:
    """Return a session of the only kind that yfinance takes.

    Args:
        last: where the session leaves each chart.
        pause: the pace of all requests.
        timeout_seconds: for every request; yfinance has 10 and 30 built in at some.
        base_url: scheme and host to use instead of every Yahoo host, for a gateway or a test.
    """
    from curl_cffi import requests

    class ChartSession(requests.Session[requests.Response]):
        def request(self, method: Any, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
            pause.wait()
            options["timeout"] = timeout_seconds
            response = super().request(method, _moved(url, base_url), **options)
            last.status = response.status_code
            if urlsplit(response.url).path.startswith(_CHART_PATH):
                # yfinance renews its cookie on these and asks again.
                is_refused = response.status_code in (401, 403)
                last.refused_status = response.status_code if is_refused else None
                last.chart = {}
                if not is_refused:
                    retry_after = response.headers.get("Retry-After") or ""
                    last.chart = read_chart(response.status_code, response.text, retry_after)
            return response

    return ChartSession(impersonate="chrome")


def _moved(url: str, base_url: str | None) -> str:
    if base_url is None:
        return url
    base = urlsplit(base_url)
    return urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc).geturl()
