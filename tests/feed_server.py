"""A local server that serves feeds from a script per path, and what it was asked."""

from __future__ import annotations

import gzip
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


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


class FeedServer:
    """Use as a context manager; the last answer of a path's script repeats.

    Attributes:
        url: its address.
        scripts: per path, what to answer in turn.
        requests: path and headers of every request, in order.
        times: when each came, on the monotonic clock.
    """

    def __init__(self) -> None:
        self.scripts: dict[str, list[Reply]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        self._served: dict[str, int] = defaultdict(int)
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                owner._answer(self)

            def log_message(self, *_: object) -> None:
                """Keep test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> FeedServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
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
