"""Servers on loopback that take what the alert sinks send, and can refuse it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from orchestration.settings import Settings, load_settings
from tests.local_server import LocalServer


def sink_settings(data_dir: Path, sink: str = "webhook", **secrets: str) -> Settings:
    """Return the settings of a deployment that alerts through a sink."""
    return load_settings(
        {"AFTERSHOCK_DATA_DIR": str(data_dir), "AFTERSHOCK_ALERT_SINK": sink, **secrets}
    )


@dataclass
class Webhook:
    """What was posted; `status` is what the next request is answered with."""

    url: str = ""
    status: int = 204
    posted: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0


@contextmanager
def webhook(path: str = "/hook") -> Iterator[Webhook]:
    """Serve one address until the block ends."""
    taken = Webhook()

    class Receiver(LocalServer):
        def post(self, handler: BaseHTTPRequestHandler) -> None:
            content = handler.rfile.read(int(handler.headers["Content-Length"]))
            taken.requests += 1
            if taken.status == 204 and handler.path == path:
                taken.posted.append(json.loads(content))
            handler.send_response(taken.status if handler.path == path else 404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

    with Receiver() as server:
        taken.url = f"{server.url}{path}"
        yield taken


@dataclass
class Mailbox:
    """What was delivered, and who logged in."""

    host: str = ""
    mails: list[Message] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)


@contextmanager
def mailbox(password: bytes | None = None) -> Iterator[Mailbox]:
    """Serve SMTP on loopback, without TLS, until the block ends."""
    box = Mailbox()

    class Handler(MessageHandler):
        def handle_message(self, message: Message) -> None:
            box.mails.append(message)

    def log_in(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        box.logins.append(given.login)
        return AuthResult(success=given.password == password, handled=False)

    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        Handler(),
        hostname="127.0.0.1",
        port=port,
        authenticator=log_in,
        auth_required=password is not None,
        auth_require_tls=False,
    )
    controller.start()
    box.host = f"127.0.0.1:{port}"
    try:
        yield box
    finally:
        controller.stop()
