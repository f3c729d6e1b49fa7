"""What a deployment can set, read from the environment here and nowhere else.

Belongs here: each setting's name, default, check and mend. Does not belong here: anything
that opens a file, a socket or a database; loading settings must stay free of I/O.
"""

from __future__ import annotations

import os
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = ROOT / "dbt_project"
PROVIDERS_DIR = Path(__file__).resolve().parent / "defs" / "prices" / "providers"

# Each alert sink with the settings that it cannot do without.
ALERT_SINKS = {
    "log": (),
    "webhook": ("AFTERSHOCK_ALERT_WEBHOOK_URL",),
    "smtp": (
        "AFTERSHOCK_ALERT_SMTP_URL",
        "AFTERSHOCK_ALERT_MAIL_FROM",
        "AFTERSHOCK_ALERT_MAIL_TO",
    ),
}
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")


class SettingError(ValueError):
    """A setting cannot be used. The message names the setting, the value and the mend."""

    def __init__(self, name: str, value: str, mend: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {mend}")


@dataclass(frozen=True)
class Settings:
    """Every setting of one deployment, checked.

    Attributes:
        data_dir: where run-time data lives (landing, warehouse, published, Dagster instance).
        reference_dir: the CSV files that a person edits.
        recorded_dir: the embedded recorded bars and news digests.
        price_providers: names of modules in `orchestration/defs/prices/providers/`, in the order
            in which they are asked.
        yahoo_url: another address for Yahoo's interface, such as a relay; its own when None.
        calendar_start: first day for which trading sessions are known.
        lock_timeout_seconds: how long a run waits for the warehouse lock.
        postgres_url: of the database that also gets the marts; none when None. It may hold a
            password, so it is never shown.
        alert_sink: where alerts go: `log`, `webhook` or `smtp`.
        alert_webhook_url: who has it may post there, so it is never shown.
        alert_smtp_url: of the mail server; it may hold a password, so it is never shown.
        alert_mail_from: the sender; given with `smtp`.
        alert_mail_to: the recipients; given with `smtp`.
    """

    data_dir: Path
    reference_dir: Path
    recorded_dir: Path
    price_providers: tuple[str, ...]
    yahoo_url: str | None
    calendar_start: date
    lock_timeout_seconds: float
    postgres_url: str | None = field(repr=False)
    alert_sink: str
    alert_webhook_url: str | None = field(repr=False)
    alert_smtp_url: str | None = field(repr=False)
    alert_mail_from: str | None
    alert_mail_to: tuple[str, ...]

    @property
    def landing_dir(self) -> Path:
        """Immutable Parquet, one folder per source."""
        return self.data_dir / "landing"

    @property
    def inbox_dir(self) -> Path:
        """Where a person drops news files."""
        return self.data_dir / "inbox"

    @property
    def drop_dir(self) -> Path:
        """Where a person drops vendors' price files, a folder for each vendor."""
        return self.data_dir / "drop"

    @property
    def feed_state_dir(self) -> Path:
        """What is remembered of each news feed from run to run."""
        return self.data_dir / "feed_state"

    @property
    def quarantine_dir(self) -> Path:
        """Where damaged landed files are set aside."""
        return self.data_dir / "quarantine"

    @property
    def alerts_path(self) -> Path:
        """What has been told to the alert sink."""
        return self.data_dir / "alerts.json"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that only dbt writes and no reader opens."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def published_dir(self) -> Path:
        """What readers see: versions, and the links to the current one."""
        return self.data_dir / "published"

    @property
    def data_docs_dir(self) -> Path:
        """Great Expectations Data Docs of the last validation."""
        return self.data_dir / "data_docs"

    @property
    def dagster_home(self) -> Path:
        """The Dagster instance: its `dagster.yaml`, run and event storage."""
        return self.data_dir / "dagster_home"

    @property
    def dbt_target_dir(self) -> Path:
        """dbt's manifest, parse cache and logs for this data directory."""
        return self.data_dir / "dbt_target"

    @property
    def manifest_path(self) -> Path:
        """The dbt manifest that the asset graph is made from."""
        return self.dbt_target_dir / "manifest.json"


def price_providers() -> list[str]:
    """Return the names of the price providers: one module each, no registry."""
    return sorted(module.name for module in pkgutil.iter_modules([str(PROVIDERS_DIR)]))


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting.

    Args:
        environment: the variables to read; the process's own when absent.

    Raises:
        SettingError: a value is not usable; nothing falls back silently.
    """
    env = os.environ if environment is None else environment

    def directory(name: str, default: Path) -> Path:
        value = env.get(name, str(default))
        if not value.strip():
            raise SettingError(name, value, "give a directory, or unset it for the default.")
        if "," in value:
            # DuckDB's search path for the landed files is a comma-separated list
            raise SettingError(name, value, "give a directory without a comma in its name.")
        return Path(value).expanduser().resolve()

    def one_of(name: str, default: str, choices: list[str]) -> str:
        value = env.get(name, default)
        if value not in choices:
            raise SettingError(name, value, f"choose one of {', '.join(choices)}.")
        return value

    def some_of(name: str, default: str, choices: list[str]) -> tuple[str, ...]:
        value = env.get(name, default)
        words = tuple(word for word in re.split(r"[,\s]+", value) if word)
        if not words or not set(words) <= set(choices):
            raise SettingError(name, value, f"choose one of {', '.join(choices)}, or several.")
        if len(set(words)) < len(words):
            raise SettingError(name, value, "name each once, the one to ask first in front.")
        return words

    def address(name: str) -> str | None:
        value = env.get(name)
        if value is not None and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", value):
            raise SettingError(name, value, "give http://host:port or https://host:port.")
        return value

    def secret_address(name: str, pattern: str, example: str) -> str | None:
        value = env.get(name)
        fits = re.fullmatch(pattern, value or "")
        if value is not None and (fits is None or int(fits.groupdict().get("port") or 0) > 65535):
            # it may hold a password: its value is not shown
            raise SettingError(name, "…", f"give {example}.")
        return value

    def mail_addresses(name: str) -> tuple[str, ...]:
        value = env.get(name)
        found = tuple(part.strip() for part in (value or "").split(",") if part.strip())
        if value is not None and not (found and all(map(_MAIL_ADDRESS.fullmatch, found))):
            raise SettingError(name, value, "give name@host, several with commas between.")
        return found

    def day(name: str, default: str) -> date:
        value = env.get(name, default)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise SettingError(name, value, "give a day as YYYY-MM-DD.")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise SettingError(name, value, f"give a day that exists ({error}).") from error

    def seconds(name: str, default: str) -> float:
        value = env.get(name, default)
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            raise SettingError(name, value, "give a number of seconds, 0 or more.")
        return float(value)

    alert_sink = one_of("AFTERSHOCK_ALERT_SINK", "log", list(ALERT_SINKS))
    for needed in ALERT_SINKS[alert_sink]:
        if env.get(needed) is None:
            raise SettingError("AFTERSHOCK_ALERT_SINK", alert_sink, f"set {needed} as well.")
    senders = mail_addresses("AFTERSHOCK_ALERT_MAIL_FROM")
    if len(senders) > 1:
        raise SettingError("AFTERSHOCK_ALERT_MAIL_FROM", ", ".join(senders), "give one address.")

    return Settings(
        data_dir=directory("AFTERSHOCK_DATA_DIR", ROOT / "data"),
        reference_dir=directory("AFTERSHOCK_REFERENCE_DIR", ROOT / "data" / "reference"),
        recorded_dir=directory("AFTERSHOCK_RECORDED_DIR", ROOT / "data" / "recorded"),
        price_providers=some_of("AFTERSHOCK_PRICE_PROVIDER", "recorded", price_providers()),
        yahoo_url=address("AFTERSHOCK_YAHOO_URL"),
        calendar_start=day("AFTERSHOCK_CALENDAR_START", "2015-01-01"),
        lock_timeout_seconds=seconds("AFTERSHOCK_LOCK_TIMEOUT_SECONDS", "600"),
        postgres_url=secret_address(
            "AFTERSHOCK_POSTGRES_URL",
            r"postgresql://[^\s/@]*@?[^\s/@]+/[^\s/]+",
            "postgresql://user:password@host:port/database",
        ),
        alert_sink=alert_sink,
        alert_webhook_url=secret_address(
            "AFTERSHOCK_ALERT_WEBHOOK_URL",
            r"https?://[A-Za-z0-9.-]+(:(?P<port>\d{1,5}))?(/[!-~]*)?",
            "https://host:port/path, without a name or a password before the host",
        ),
        alert_smtp_url=secret_address(
            "AFTERSHOCK_ALERT_SMTP_URL",
            r"smtps?://([^\s/@:]+:[^\s/@]+@)?[A-Za-z0-9.-]+(:(?P<port>\d{1,5}))?",
            "smtp://user:password@host:port, or smtps:// for a port that speaks TLS at once",
        ),
        alert_mail_from=senders[0] if senders else None,
        alert_mail_to=mail_addresses("AFTERSHOCK_ALERT_MAIL_TO"),
    )
