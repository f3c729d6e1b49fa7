"""Settings: each wrong value is an error that names the setting, the value and the mend."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.setting_values import SettingError
from orchestration.settings import ROOT, load_settings


def test_defaults_need_no_environment() -> None:
    settings = load_settings({})
    assert settings.data_dir == ROOT / "data"
    assert settings.price_providers == ("recorded",)
    assert settings.calendar_start == date(2015, 1, 1)


@pytest.mark.parametrize("text", ["yahoo,drop", "yahoo drop", " yahoo , drop "])
def test_providers_are_an_ordered_list(text: str) -> None:
    settings = load_settings({"AFTERSHOCK_PRICE_PROVIDER": text})
    assert settings.price_providers == ("yahoo", "drop")


def test_the_reports_address_is_that_of_a_folder() -> None:
    name = "AFTERSHOCK_REPORT_URL"
    for good in ("https://desk.example.org/report/", "http://127.0.0.1:8000/"):
        assert load_settings({name: good}).report_url == good
    for wrong in ("https://desk.example.org/report", "file:///srv/report/", "javascript:alert(1)/"):
        with pytest.raises(SettingError, match=f"{name}=.*host:port/path/"):
            load_settings({name: wrong})


def test_everything_made_at_run_time_lies_below_the_data_directory(tmp_path: Path) -> None:
    settings = load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})
    for place in (
        settings.landing_dir,
        settings.inbox_dir,
        settings.warehouse_path,
        settings.published_dir,
        settings.data_docs_dir,
        settings.dagster_home,
        settings.manifest_path,
    ):
        assert place.is_relative_to(tmp_path)


def test_an_address_with_a_password_is_never_shown() -> None:
    good = "postgresql://owner:canary@127.0.0.1:5432/marts"
    assert load_settings({"AFTERSHOCK_POSTGRES_URL": good}).postgres_url == good
    assert "canary" not in repr(load_settings({"AFTERSHOCK_POSTGRES_URL": good}))
    for wrong in (good.replace("postgresql", "mysql"), good.removesuffix("/marts"), "canary"):
        with pytest.raises(SettingError, match="AFTERSHOCK_POSTGRES_URL") as caught:
            load_settings({"AFTERSHOCK_POSTGRES_URL": wrong})
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        (
            "AFTERSHOCK_ALERT_WEBHOOK_URL",
            "https://hooks.example/T0/canary?thread=1",
            ["canary", "ftp://canary/", "https://user:canary@host/", "https://canary:70000/"],
        ),
        (
            "AFTERSHOCK_ALERT_SMTP_URL",
            "smtp://ops:canary@mail.example:587",
            ["canary", "http://ops:canary@host", "smtp://canary@host", "smtp://ops:canary@host/x"],
        ),
    ],
)
def test_where_alerts_go_is_never_shown(name: str, good: str, wrong: list[str]) -> None:
    assert "canary" not in repr(load_settings({name: good}))
    for value in wrong:
        with pytest.raises(SettingError, match=name) as caught:
            load_settings({name: value})
        assert "canary" not in str(caught.value)


def test_a_sink_needs_its_address() -> None:
    mail = {
        "AFTERSHOCK_ALERT_SMTP_URL": "smtps://mail.example",
        "AFTERSHOCK_ALERT_MAIL_FROM": "aftershock@example.org",
        "AFTERSHOCK_ALERT_MAIL_TO": "desk@example.org, on-call@example.org",
    }
    settings = load_settings({"AFTERSHOCK_ALERT_SINK": "smtp", **mail})
    assert settings.alert_mail_to == ("desk@example.org", "on-call@example.org")
    for absent in mail:
        rest = {name: value for name, value in mail.items() if name != absent}
        with pytest.raises(SettingError, match=f"set {absent} as well"):
            load_settings({"AFTERSHOCK_ALERT_SINK": "smtp", **rest})
    with pytest.raises(SettingError, match="set AFTERSHOCK_ALERT_WEBHOOK_URL as well"):
        load_settings({"AFTERSHOCK_ALERT_SINK": "webhook"})
    assert load_settings({}).alert_sink == "log"


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("AFTERSHOCK_PRICE_PROVIDER", "bloomberg", "choose one of drop, recorded, yahoo"),
        ("AFTERSHOCK_PRICE_PROVIDER", "../../etc/passwd", "choose one of drop, recorded, yahoo"),
        ("AFTERSHOCK_PRICE_PROVIDER", " ", "or several"),
        ("AFTERSHOCK_PRICE_PROVIDER", "yahoo drop yahoo", "name each once"),
        ("AFTERSHOCK_DATA_DIR", " ", "give a directory"),
        ("AFTERSHOCK_DATA_DIR", "data,old", "without a comma"),
        ("AFTERSHOCK_YAHOO_URL", "file:///etc/passwd", "http://host:port"),
        ("AFTERSHOCK_CALENDAR_START", "1 January 2015", "YYYY-MM-DD"),
        ("AFTERSHOCK_CALENDAR_START", "2015-02-30", "a day that exists"),
        ("AFTERSHOCK_LOCK_TIMEOUT_SECONDS", "-1", "0 or more"),
        ("AFTERSHOCK_LOCK_TIMEOUT_SECONDS", "soon", "0 or more"),
        ("AFTERSHOCK_ALERT_SINK", "pager", "choose one of log, webhook, smtp"),
        ("AFTERSHOCK_ALERT_MAIL_TO", "desk", "name@host"),
        ("AFTERSHOCK_ALERT_MAIL_TO", "a@b.example\nBcc: c@d.example", "name@host"),
        ("AFTERSHOCK_ALERT_MAIL_TO", ",", "name@host"),
        ("AFTERSHOCK_ALERT_MAIL_FROM", "a@b.example, c@d.example", "give one address"),
    ],
)
def test_a_wrong_value_names_setting_value_and_mend(name: str, value: str, mend: str) -> None:
    with pytest.raises(SettingError, match="cannot be used") as caught:
        load_settings({name: value})
    assert str(caught.value).startswith(f"{name}={value!r}")
    assert mend in str(caught.value)
