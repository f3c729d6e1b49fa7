"""The sinks of alerts: what arrives, what is refused, and that no secret is shown."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from orchestration.defs.alerts.alert import alert
from orchestration.defs.alerts.sinks import SinkError, send
from orchestration.settings import Settings
from tests.receivers import mailbox, sink_settings, webhook

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SECRET = "canary-of-the-sink"  # noqa: S105 - it opens nothing
HOSTILE = "Nvidia\r\nBcc: all@example.org\x1b[2J\u202e <!channel> `rm` <b>&</b>"
A, B = alert("run_failure", "a", "a broke"), alert("check_failure", "b", "b did not pass")


def _mail_settings(tmp_path: Path, host: str, scheme: str = "smtp") -> Settings:
    return sink_settings(
        tmp_path,
        "smtp",
        AFTERSHOCK_ALERT_SMTP_URL=f"{scheme}://{host}",
        AFTERSHOCK_ALERT_MAIL_FROM="aftershock@example.org",
        AFTERSHOCK_ALERT_MAIL_TO="desk@example.org,on-call@example.org",
    )


def test_a_webhook_gets_one_message_in_which_nothing_is_markup(tmp_path: Path) -> None:
    told = [A, alert("verdict_flip", "x", HOSTILE)]
    with webhook(f"/{SECRET}") as hook:
        send(sink_settings(tmp_path, AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url), told)
    (posted,) = hook.posted
    text = posted["text"]
    assert text.startswith(
        "Aftershock: 1 run failure, 1 changed verdict\n```\nrun failure: a broke"
    )
    assert text.count("`") == 6
    assert "<" not in text
    assert "&lt;!channel&gt;" in text
    assert posted["alerts"][1]["text"] == told[1].text
    assert [entry["key"] for entry in posted["alerts"]] == [a.key for a in told]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_webhook_that_refuses_is_an_error_without_its_address(
    tmp_path: Path, status: int
) -> None:
    with webhook(f"/{SECRET}") as hook:
        hook.status = status
        settings = sink_settings(tmp_path, AFTERSHOCK_ALERT_WEBHOOK_URL=hook.url)
        with pytest.raises(SinkError, match=f"ALERT_WEBHOOK_URL: the server answered {status}"):
            send(settings, [A])
        assert hook.requests == 1
    # now nobody listens there
    with pytest.raises(SinkError, match="ConnectError") as refused:
        send(settings, [A])
    assert SECRET not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_mail_is_plain_text_with_the_headers_that_are_ours(tmp_path: Path) -> None:
    with mailbox(SECRET.encode()) as box:
        host = f"ops%40desk:{SECRET}@{box.host}"
        send(_mail_settings(tmp_path, host), [A, alert("verdict_flip", "x", HOSTILE)])
    (mail,) = box.mails
    assert box.logins == [b"ops@desk"]
    assert mail["Subject"] == "Aftershock: 1 run failure, 1 changed verdict"
    assert mail["To"] == "desk@example.org, on-call@example.org"
    assert mail["X-RcptTo"] == "desk@example.org, on-call@example.org"
    assert mail["Bcc"] is None
    assert mail.get_content_type() == "text/plain"
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    first, second = content.decode().split("\n")[:2]
    assert first.strip() == "run failure: a broke"
    assert second.startswith("changed verdict: Nvidia Bcc: all@example.org [2J")


def test_a_password_that_is_refused_is_not_shown(tmp_path: Path) -> None:
    with mailbox(b"another") as box:
        settings = _mail_settings(tmp_path, f"ops:{SECRET}@{box.host}")
        with pytest.raises(SinkError, match="SMTPAuthenticationError 535") as refused:
            send(settings, [A])
    assert SECRET not in str(refused.value)
    with pytest.raises(SinkError, match="ECONNREFUSED"):
        send(settings, [A])


def test_a_password_does_not_leave_the_machine_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox(SECRET.encode()) as box:
        port = int(box.host.split(":")[1])
        connect = socket.create_connection
        monkeypatch.setattr(
            socket,
            "create_connection",
            lambda _address, *rest, **more: connect(("127.0.0.1", port), *rest, **more),
        )
        with pytest.raises(SinkError, match="offers no TLS"):
            send(_mail_settings(tmp_path, f"ops:{SECRET}@mail.example"), [A])
    assert (box.logins, box.mails) == ([], [])


def test_a_mail_server_that_must_speak_tls_and_does_not_gets_nothing(tmp_path: Path) -> None:
    with mailbox() as box, pytest.raises(SinkError, match="SSLError"):
        send(_mail_settings(tmp_path, box.host, "smtps"), [A])
    assert box.mails == []


def test_the_log_gets_a_line_for_each(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    send(sink_settings(tmp_path, "log"), [A, B])
    assert caplog.messages == ["run failure: a broke", "blocking check failure: b did not pass"]
