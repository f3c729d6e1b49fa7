"""A local server that serves feeds from a script per path, and what it was asked."""

from __future__ import annotations

import gzip
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.local_server import LocalServer


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        missing_bytes: promised by Content-Length and never sent.
        drip_seconds: between two bytes of what comes after the status line.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    missing_bytes: int = 0
    drip_seconds: float = 0.0


def gzipped(body: bytes, **headers: str) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip", **headers})


class FeedServer(LocalServer):
    """The last answer of a path's script repeats.

    Attributes:
        scripts: per path, what to answer in turn.
        requests: path and headers of every request, in order.
        times: when each came, on the monotonic clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scripts: dict[str, list[Reply]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        self._served: dict[str, int] = defaultdict(int)

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append((handler.path, dict(handler.headers)))
        self.times.append(time.monotonic())
        script = self.scripts.get(handler.path, [Reply(status=404)])
        reply = script[min(self._served[handler.path], len(script) - 1)]
        self._served[handler.path] += 1
        time.sleep(reply.delay_seconds)
        head = {"Content-Length": str(len(reply.body) + reply.missing_bytes), **reply.headers}
        lines = [f"{name}: {value}" for name, value in head.items()]
        start = f"HTTP/1.1 {reply.status} Scripted\r\n".encode()
        rest = ("\r\n".join(lines) + "\r\n\r\n").encode() + reply.body
        try:
            handler.wfile.write(start)
            for at in range(len(rest)) if reply.drip_seconds else ():
                handler.wfile.write(rest[at : at + 1])
                time.sleep(reply.drip_seconds)
            if not reply.drip_seconds:
                handler.wfile.write(rest)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client did not wait
        handler.close_connection = True
