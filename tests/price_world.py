"""A small world for tests of prices: a few instruments, real sessions, a scripted provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.defs.prices.ingest import Ingested, ingest
from orchestration.defs.prices.plan import PriceFetchConfig
from orchestration.defs.prices.provider import Fetched, FetchError, NoDataError
from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.landing import land
from orchestration.settings import Settings, load_settings

REFERENCE_TIME = datetime(2025, 1, 1, tzinfo=UTC)
INSTRUMENTS = {
    "MSFT": "XNYS",
    "NVDA": "XNYS",
    "ENR.DE": "XETR",
    "005930.KS": "XKRX",
    "EURUSD=X": "XXXX",
}

# Real closes in UTC around January 2025. New York was shut on 9 January (a day of mourning) and
# on 20 January (a Monday) and closed early on 24 December; Seoul was shut from 27 to 30 January.
CLOSES = {
    "XNYS": {
        **{date(2024, 12, day): (21, 0) for day in (20, 23, 26, 27, 30, 31)},
        date(2024, 12, 24): (18, 0),
        **{date(2025, 1, day): (21, 0) for day in (2, 3, 6, 7, 8, 10, 13, 14, 15, 16, 17)},
        **{date(2025, 1, day): (21, 0) for day in (21, 22, 23, 24, 27, 28, 29, 30, 31)},
    },
    "XETR": {
        **{date(2025, 1, day): (16, 30) for day in (13, 14, 15, 16, 17, 20, 21, 22, 23, 24)},
        **{date(2025, 1, day): (16, 30) for day in (27, 28, 29, 30, 31)},
    },
    "XKRX": {date(2025, 1, day): (6, 30) for day in (13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 31)},
    "XXXX": {date(2025, 1, day): (23, 59) for day in (20, 21, 22, 23, 24, 27, 28, 29, 30, 31)},
}


def utc(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def settings_in(folder: Path, **changes: str) -> Settings:
    return load_settings(
        {
            "AFTERSHOCK_DATA_DIR": str(folder),
            "AFTERSHOCK_CALENDAR_START": "2024-12-20",
            **changes,
        }
    )


def land_reference(settings: Settings, instruments: Mapping[str, str] = INSTRUMENTS) -> None:
    """Land instruments and trading sessions, as their own assets would."""
    symbols = pa.table(
        {
            "symbol": pa.array(list(instruments), pa.string()),
            "mic": pa.array(list(instruments.values()), pa.string()),
        }
    )
    rows = [
        {
            "mic": mic,
            "session_date": day,
            "closes_at": datetime(day.year, day.month, day.day, *clock, tzinfo=UTC),
        }
        for mic, days in CLOSES.items()
        for day, clock in days.items()
    ]
    schema = pa.schema(
        [
            ("mic", pa.string()),
            ("session_date", pa.date32()),
            ("closes_at", pa.timestamp("us", "UTC")),
        ]
    )
    for name, table in (
        ("instruments", symbols),
        ("trading_sessions", pa.Table.from_pylist(rows, schema=schema)),
    ):
        folder = settings.landing_dir / name
        land(folder, table, provider="reference", fetched_at=REFERENCE_TIME)


def bar(symbol: str, day: date, close: float | None, /, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"symbol": symbol, "session_date": day, "close": close, "volume": 1000}
    row |= {"open": close, "high": close, "low": close, "adjusted_close": close, "currency": "USD"}
    return row | changes


def bars_table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=bars_schema())


def actions_table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=actions_schema())


def split(symbol: str, day: date, ratio: float) -> dict[str, Any]:
    return {"symbol": symbol, "ex_date": day, "kind": "split", "value": ratio}


@dataclass
class ScriptedProvider:
    """Answers from rows in memory, whatever the days asked for; an error instead is raised."""

    closes: dict[str, Mapping[date, float | None] | FetchError]
    actions: list[dict[str, Any]] = field(default_factory=list)
    name: str = "scripted"
    is_asked_whole: bool = False
    end: date | None = None
    asked: list[tuple[str, date, date]] = field(default_factory=list)

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        self.asked.append((symbol, start, end))
        found = self.closes.get(symbol, NoDataError("not scripted."))
        if isinstance(found, FetchError):
            raise found
        return Fetched(
            bars=bars_table(*(bar(symbol, day, close) for day, close in found.items())),
            actions=actions_table(*(row for row in self.actions if row["symbol"] == symbol)),
            currency="USD",
        )

    def available_until(self, symbol: str) -> date | None:
        return self.end if symbol in self.closes else date.min if self.end else None

    def rejections(self) -> list[str]:
        return []


@dataclass
class World:
    """A data folder with reference landed, and a provider; others by name for a second opinion."""

    settings: Settings
    provider: ScriptedProvider
    others: dict[str, ScriptedProvider] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def run(self, now: datetime, **config: Any) -> Ingested:
        return ingest(
            lambda name: self.others.get(name, self.provider),
            self.settings,
            PriceFetchConfig(**config),
            now=now,
            warn=self.warnings.append,
        )

    @property
    def bars_dir(self) -> Path:
        return self.settings.landing_dir / "daily_bars"

    @property
    def actions_dir(self) -> Path:
        return self.settings.landing_dir / "corporate_actions"

    def landed(self) -> list[tuple[datetime, str, date, float | None]]:
        """Return fetched_at, symbol, session and close of every landed version, as landed."""
        import pyarrow.parquet as pq

        rows = [
            row
            for path in sorted(self.bars_dir.glob("*.parquet"))
            for row in pq.read_table(path).to_pylist()
        ]
        return [(r["fetched_at"], r["symbol"], r["session_date"], r["close"]) for r in rows]


def world_in(folder: Path, closes: Mapping[str, Any], **changes: Any) -> World:
    settings = settings_in(folder)
    land_reference(settings)
    return World(settings, replace(ScriptedProvider(dict(closes)), **changes))


def land_vendor_symbols(landing_dir: Path, at: datetime, **vendors: dict[str, str]) -> None:
    """Land what vendors mean by symbols of their own."""
    rows = [
        {"vendor": vendor, "vendor_symbol": theirs, "symbol": symbol}
        for vendor, symbols in vendors.items()
        for theirs, symbol in symbols.items()
    ]
    land(
        landing_dir / "vendor_symbols",
        pa.Table.from_pylist(rows),
        provider="reference",
        fetched_at=at,
    )
