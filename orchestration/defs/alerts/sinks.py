"""Where alerts go: the log, an HTTP address, or a mail server.

Belongs here: one function for each value of `AFTERSHOCK_ALERT_SINK`. Does not belong here: what is
sent and when. No error shows an address: who has it may post there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from orchestration.defs.alerts.alert import Alert, body, records, subject
from orchestration.settings import Settings

_SECONDS = 10.0

Send: TypeAlias = Callable[[Settings, Sequence[Alert]], None]


class SinkError(RuntimeError):
    """The sink did not take the alerts. The message names the setting and what happened."""


def send(settings: Settings, alerts: Sequence[Alert]) -> None:
    """Give the alerts to the sink that the settings name, as one message.

    Raises:
        SinkError: it did not take them.
    """
    sinks: dict[str, Send] = {"log": to_log, "webhook": to_webhook, "smtp": to_smtp}
    sinks[settings.alert_sink](settings, alerts)


def to_log(_settings: Settings, alerts: Sequence[Alert]) -> None:
    """Write a line for each alert to standard error, which is the daemon's log."""
    log = logging.getLogger("aftershock.alerts")
    for line in body(alerts).splitlines():
        log.warning("%s", line)


def to_webhook(settings: Settings, alerts: Sequence[Alert]) -> None:
    """Post JSON: `text`, which chat programs show, and `alerts`, for a program.

    In `text` nothing is a mention, a link or markup. Redirects are not followed.

    Raises:
        SinkError: no answer in time, or one that is no success.
    """
    import json

    import httpcore

    shown = body(alerts).replace("`", "'")
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        shown = shown.replace(sign, escaped)
    content = {"text": f"{subject(alerts)}\n```\n{shown}\n```", "alerts": records(alerts)}
    try:
        with httpcore.stream(
            "POST",
            str(settings.alert_webhook_url),
            headers={"Content-Type": "application/json", "User-Agent": "aftershock"},
            content=json.dumps(content).encode(),
            extensions={
                "timeout": dict.fromkeys(("connect", "read", "write", "pool"), _SECONDS),
            },
        ) as answer:
            status = answer.status
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise SinkError(f"AFTERSHOCK_ALERT_WEBHOOK_URL: {_words(error)}") from None
    if not 200 <= status < 300:
        raise SinkError(f"AFTERSHOCK_ALERT_WEBHOOK_URL: the server answered {status}")


def to_smtp(settings: Settings, alerts: Sequence[Alert]) -> None:
    """Send one plain-text mail. A password travels over TLS, or not beyond this machine.

    Raises:
        SinkError: the server cannot be reached, refuses, or would have the password in the clear.
    """
    import smtplib
    import ssl
    from email.message import EmailMessage

    address = urlsplit(str(settings.alert_smtp_url))
    host = address.hostname or ""
    mail = EmailMessage()
    mail["Subject"] = subject(alerts)
    mail["From"] = settings.alert_mail_from
    mail["To"] = ", ".join(settings.alert_mail_to)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body(alerts) + "\n")
    trusted = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(host, address.port or 465, timeout=_SECONDS, context=trusted)
            if address.scheme == "smtps"
            else smtplib.SMTP(host, address.port or 25, timeout=_SECONDS)
        ) as server:
            server.ehlo()
            is_private = address.scheme == "smtps" or host in ("localhost", "127.0.0.1")
            if address.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trusted)
                server.ehlo()
                is_private = True
            if address.username is not None and address.password is not None:
                if not is_private:
                    raise SinkError(
                        "AFTERSHOCK_ALERT_SMTP_URL: the server offers no TLS, and a password is "
                        "not sent without: use smtps://, or no password"
                    )
                server.login(unquote(address.username), unquote(address.password))
            server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise SinkError(f"AFTERSHOCK_ALERT_SMTP_URL: {_words(error)}") from None


def _words(error: Exception) -> str:
    """Return what kind of error it was; what a server answers is not repeated."""
    import errno

    number = getattr(error.__cause__ or error, "errno", None)
    code = getattr(error, "smtp_code", None)
    if isinstance(number, int) and number in errno.errorcode:
        return f"{type(error).__name__} {errno.errorcode[number]}"
    return f"{type(error).__name__} {code}" if code else type(error).__name__
