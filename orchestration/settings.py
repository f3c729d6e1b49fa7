"""What a deployment can set, read from the environment here and nowhere else.

Belongs here: each setting's name, default, check and mend. Does not belong here: anything
that opens a file, a socket or a database; loading settings must stay free of I/O.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from orchestration.setting_values import SettingError, Values

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


@dataclass(frozen=True)
class Settings:
    """Every setting of one deployment, checked.

    Attributes:
        data_dir: where run-time data lives (landing, warehouse, published, Dagster instance).
        reference_dir: the CSV files that a person edits.
        recorded_dir: the embedded recorded bars and news digests.
        price_providers: names of modules in `orchestration/defs/prices/providers/`, in the order
            in which they are asked.
        report_url: where a web server has the folder of the report; nowhere when None.
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
    report_url: str | None
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
    values = Values(os.environ if environment is None else environment)
    alert_sink = values.one_of("AFTERSHOCK_ALERT_SINK", "log", list(ALERT_SINKS))
    for needed in ALERT_SINKS[alert_sink]:
        if not values.has(needed):
            raise SettingError("AFTERSHOCK_ALERT_SINK", alert_sink, f"set {needed} as well.")
    senders = values.mail_addresses("AFTERSHOCK_ALERT_MAIL_FROM")
    if len(senders) > 1:
        raise SettingError("AFTERSHOCK_ALERT_MAIL_FROM", ", ".join(senders), "give one address.")

    return Settings(
        data_dir=values.directory("AFTERSHOCK_DATA_DIR", ROOT / "data"),
        reference_dir=values.directory("AFTERSHOCK_REFERENCE_DIR", ROOT / "data" / "reference"),
        recorded_dir=values.directory("AFTERSHOCK_RECORDED_DIR", ROOT / "data" / "recorded"),
        price_providers=values.some_of("AFTERSHOCK_PRICE_PROVIDER", "recorded", price_providers()),
        report_url=values.address("AFTERSHOCK_REPORT_URL", path="(/[A-Za-z0-9._~-]+)*/"),
        yahoo_url=values.address("AFTERSHOCK_YAHOO_URL"),
        calendar_start=values.day("AFTERSHOCK_CALENDAR_START", "2015-01-01"),
        lock_timeout_seconds=values.seconds("AFTERSHOCK_LOCK_TIMEOUT_SECONDS", "600"),
        postgres_url=values.secret_address(
            "AFTERSHOCK_POSTGRES_URL",
            r"postgresql://[^\s/@]*@?[^\s/@]+/[^\s/]+",
            "postgresql://user:password@host:port/database",
        ),
        alert_sink=alert_sink,
        alert_webhook_url=values.secret_address(
            "AFTERSHOCK_ALERT_WEBHOOK_URL",
            r"https?://[A-Za-z0-9.-]+(:(?P<port>\d{1,5}))?(/[!-~]*)?",
            "https://host:port/path, without a name or a password before the host",
        ),
        alert_smtp_url=values.secret_address(
            "AFTERSHOCK_ALERT_SMTP_URL",
            r"smtps?://([^\s/@:]+:[^\s/@]+@)?[A-Za-z0-9.-]+(:(?P<port>\d{1,5}))?",
            "smtp://user:password@host:port, or smtps:// for a port that speaks TLS at once",
        ),
        alert_mail_from=senders[0] if senders else None,
        alert_mail_to=values.mail_addresses("AFTERSHOCK_ALERT_MAIL_TO"),
    )
