"""One HTTP GET with limits on everything.

Belongs here: redirects, sizes, times and what an answer's status means. Does not belong here:
what is in an answer (`feed_entries`) and which addresses are allowed (`guard`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.guard import (
    Allow,
    BlockedAddressError,
    GuardedBackend,
    Resolve,
    is_public,
    resolve,
)

_AGENT = "Aftershock/0.1 (feed reader)"


@dataclass(frozen=True)
class Limits:
    """How long and how large; sizes in bytes, after decompression as well as before."""

    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    total_seconds: float = 60.0
    size: int = 16_000_000
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """A whole answer: 200 with its body, or 304 without one."""

    status: int
    url: str
    headers: httpx.Headers
    body: bytes


class FetchFailedError(RuntimeError):
    """There is no usable answer.

    Attributes:
        may_pass: whether asking again soon may help.
        retry_after_seconds: how long the server asks to be left alone; 0 when it does not.
    """

    def __init__(
        self, reason: str, *, may_pass: bool = False, retry_after_seconds: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.may_pass = may_pass
        self.retry_after_seconds = retry_after_seconds


def fetch(
    url: str,
    headers: Mapping[str, str],
    limits: Limits,
    *,
    resolve: Resolve = resolve,
    allow: Allow = is_public,
) -> Answer:
    """Ask for an address and follow its redirects, each of them checked like the first.

    Args:
        url: http or https.
        headers: beside those that every request has.
        limits: for all hops together.
        resolve: names to addresses.
        allow: whether an address may be connected to; by default the public ones.

    Raises:
        FetchFailedError: anything but a whole answer of status 200 or 304 within the limits.
    """
    backend = GuardedBackend(limits.total_seconds, resolve, allow)
    timeout = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds)
    with (
        httpcore.ConnectionPool(network_backend=backend) as pool,
        # no proxy and no password file of this machine
        httpx.Client(transport=_Transport(pool), timeout=timeout, trust_env=False) as client,
    ):
        for _ in range(limits.redirects + 1):
            try:
                request = client.build_request("GET", web_address(url), headers=_standard(headers))
                response = client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        return _answer(response, limits)
                    url = str(response.next_request.url)
                finally:
                    response.close()
            except ArticleError as error:
                raise FetchFailedError(f"leads to what is no web address: {error}") from error
            except BlockedAddressError as error:
                raise FetchFailedError(str(error)) from error
            except (httpcore.TimeoutException, httpx.TimeoutException) as error:
                raise FetchFailedError("no whole answer in time", may_pass=True) from error
            except (httpcore.ProtocolError, httpx.RemoteProtocolError) as error:
                raise FetchFailedError(f"a broken answer: {error}", may_pass=True) from error
            except (httpcore.NetworkError, httpx.NetworkError) as error:
                raise FetchFailedError(f"cannot be reached: {error}", may_pass=True) from error
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.UnsupportedProtocol) as error:
                raise FetchFailedError(f"cannot be asked for: {error}") from error
    raise FetchFailedError(f"more than {limits.redirects} redirects")


def _standard(headers: Mapping[str, str]) -> dict[str, str]:
    return {"User-Agent": _AGENT, "Accept-Encoding": "gzip", **headers}


def _answer(response: httpx.Response, limits: Limits) -> Answer:
    status = response.status_code
    if status not in (200, 304):
        wait = _retry_after(response.headers.get("Retry-After", ""))
        asks = f", which asks to wait {wait:.0f} seconds" if wait else ""
        raise FetchFailedError(
            f"answers {status}{asks}", may_pass=status >= 500, retry_after_seconds=wait
        )
    body = b"" if status == 304 else _body(response, limits.size)
    return Answer(status, str(response.url), response.headers, body)


def _body(response: httpx.Response, size: int) -> bytes:
    """Return the body, decompressed piece by piece so that a bomb is noticed in time."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise FetchFailedError(
            f"answers in the encoding {encoding[:20]!r}, which was not asked for"
        )
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding.endswith("gzip") else None
    body = bytearray()
    received = 0
    for piece in response.iter_raw():
        received += len(piece)
        try:
            body += piece if unpack is None else unpack.decompress(piece, size + 1 - len(body))
        except zlib.error as error:
            raise FetchFailedError(f"a broken answer: {error}", may_pass=True) from error
        if len(body) > size or received > size:
            raise FetchFailedError(f"an answer larger than {size:,} bytes")
    if unpack is not None and received and not unpack.eof:
        raise FetchFailedError("a broken answer: the compressed part is cut short", may_pass=True)
    return bytes(body)


def _retry_after(value: str) -> float:
    """Return the seconds that a Retry-After header asks for, a day at most; 0 for none."""
    if value.isdecimal():
        return min(float(value[:9]), 86_400.0)
    try:
        wait = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError, IndexError):
        return 0.0
    return min(max(wait, 0.0), 86_400.0)


class _Transport(httpx.BaseTransport):
    """httpx's requests over a pool whose connections are guarded."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
