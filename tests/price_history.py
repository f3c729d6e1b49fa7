"""Random histories of landing: fetch after fetch, with everything that goes wrong in real ones.

Belongs here: seeded batches, landed as their own assets would land them. Does not belong here: what
the warehouse makes of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.landing import land

FIRST_DAY = date(2024, 1, 1)
MONTHS = timedelta(days=200)
EXCHANGES = ("XNYS", "XETR")
Row = dict[str, Any]

_TEXT, _DAY, _MOMENT = pa.string(), pa.date32(), pa.timestamp("us", "UTC")
_NUMBER, _WHOLE, _YES = pa.float64(), pa.int32(), pa.bool_()
SCHEMAS: Mapping[str, Mapping[str, pa.DataType]] = {
    "exchanges": {"mic": _TEXT, "calendar": _TEXT, "name": _TEXT, "city": _TEXT},
    "trading_sessions": {
        **{"mic": _TEXT, "session_date": _DAY, "opens_at": _MOMENT, "closes_at": _MOMENT},
        "is_early_close": _YES,
    },
    "instruments": {
        **{"symbol": _TEXT, "name": _TEXT, "issuer": _TEXT, "kind": _TEXT, "mic": _TEXT},
        **{"currency": _TEXT, "benchmark_symbol": _TEXT},
    },
    "price_corrections": {
        **{"symbol": _TEXT, "session_date": _DAY, "field": _TEXT, "value": _NUMBER},
        **{"currency": _TEXT, "citation": _TEXT},
    },
    "events": {
        **{"event_id": _TEXT, "name": _TEXT, "announced_at": _MOMENT, "studies": _TEXT},
        **{"source": _TEXT, "note": _TEXT},
    },
    "event_instruments": {"event_id": _TEXT, "symbol": _TEXT, "group_name": _TEXT},
    "studies": {
        **{"study_id": _TEXT, "return_type": _TEXT, "estimation_sessions": _WHOLE},
        **{"estimation_last": _WHOLE, "minimum_observations": _WHOLE},
        **{"event_window_first": _WHOLE, "event_window_last": _WHOLE, "models": _TEXT},
        **{"windows": _TEXT, "factors": _TEXT, "tests": _TEXT, "pooled": _TEXT},
        "specification_estimation_sessions": _TEXT,
    },
    "factor_returns": {"factor": _TEXT, "session_date": _DAY, "value": _NUMBER},
}
SHORT = {
    **{"study_id": "short", "return_type": "log", "estimation_sessions": 40},
    **{"estimation_last": -6, "minimum_observations": 15, "event_window_first": -3},
    **{"event_window_last": 3, "models": "market_model mean_adjusted scholes_williams"},
    **{"windows": "0:0 -1:1", "pooled": "event", "specification_estimation_sessions": "30"},
}
# tests its groups over all events, and takes factors
POOL = SHORT | {
    **{"study_id": "pool", "return_type": "simple", "models": "market_adjusted multi_factor"},
    **{"factors": "benchmark size", "pooled": "study", "specification_estimation_sessions": None},
}


def moment(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@dataclass
class History:
    """A landing folder and the world that its batches are drawn from; the seed decides all of it.

    `steps` names what can happen to it; `step` lets one of them happen. In a clean one every
    weekday has a good bar, unless a step says otherwise.
    """

    landing: Path
    seed: int
    is_clean: bool = False
    today: date = FIRST_DAY + MONTHS
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - made-up data
        self.fetches = 0
        self.holidays = {mic: set[date]() for mic in EXCHANGES}
        self.calendar_end = self.today + timedelta(days=60)
        self.levels: dict[str, float] = {}
        self.corrections: list[Row] = []
        self.instruments = [
            _instrument("INDEX", "XNYS", kind="index"),
            _instrument("DAX", "XETR", kind="index", benchmark_symbol="INDEX"),
            *(_instrument(name, "XNYS", benchmark_symbol="INDEX") for name in "ABC"),
            *(_instrument(name, "XETR", benchmark_symbol="DAX") for name in "PQ"),
            _instrument("RATE", "XETR", kind="rate"),
            _instrument("FUND", "XNYS", kind="etf", benchmark_symbol="A"),
        ]
        for name in SCHEMAS:
            self.snapshot(name, [])
        self.snapshot("exchanges", [{"mic": mic, "name": mic, "city": mic} for mic in EXCHANGES])
        self.studies = [SHORT, POOL]
        self.events: list[Row] = []
        self.factors = [
            {"factor": "size", "session_date": day, "value": self.random.gauss(0, 0.01)}
            for day in (FIRST_DAY + timedelta(days=n) for n in range(400))
            if day.weekday() < 5
        ]
        self.snapshot("studies", self.studies)
        self.snapshot("factor_returns", self.factors)
        self.snapshot("instruments", self.instruments)
        self.land_calendar()
        self.land_events([self.event() for _ in range(4)])
        self.land_actions([])
        self.land_bars(
            [bar for i in self.instruments for bar in self.bars(i, FIRST_DAY, self.today)]
        )

    # what lands

    def snapshot(self, name: str, rows: Sequence[Row]) -> None:
        columns = {"line_number": _WHOLE, **SCHEMAS[name]}
        numbered = [{"line_number": line, **row} for line, row in enumerate(rows, 2)]
        table = pa.Table.from_pylist(numbered, pa.schema(columns.items()))
        self._land(name, table, provider="reference")

    def land_bars(self, rows: Sequence[Row], *, late: bool = False) -> None:
        self._land("daily_bars", pa.Table.from_pylist(list(rows), bars_schema()), late=late)

    def land_actions(self, rows: Sequence[Row]) -> None:
        self._land("corporate_actions", pa.Table.from_pylist(list(rows), actions_schema()))

    def land_calendar(self) -> None:
        days = (self.calendar_end - FIRST_DAY).days
        self.snapshot(
            "trading_sessions",
            [
                {
                    **{"mic": mic, "session_date": day, "is_early_close": False},
                    **{"opens_at": moment(day, 9), "closes_at": moment(day, 17)},
                }
                for mic in EXCHANGES
                for day in (FIRST_DAY + timedelta(days=n) for n in range(days))
                if day.weekday() < 5 and day not in self.holidays[mic]
            ],
        )

    def other_events(self) -> None:
        """One more, one less, or one that moves to another day."""
        if self.random.random() < 0.5:
            self.events.append(self.event())
        elif self.random.random() < 0.5:
            self.events.remove(self.random.choice(self.events))
        else:
            self.random.choice(self.events)["announced_at"] = self.event()["announced_at"]
        self.land_events(self.events)

    def land_events(self, events: Sequence[Row]) -> None:
        self.events = list(events)
        self.snapshot("events", self.events)
        self.snapshot(
            "event_instruments",
            [
                {"event_id": event["event_id"], "symbol": symbol, "group_name": group}
                for event in self.events
                for symbol, group in zip("ABCPQ", ("us", "us", "all", "de", "de"), strict=True)
            ],
        )

    def event(self) -> Row:
        self.fetches += 1
        return {
            **{"event_id": f"e{self.fetches}", "name": "an event", "source": "a seed"},
            **{"announced_at": moment(self.some_day(after=90), 12), "studies": "short pool"},
        }

    def _land(
        self, name: str, table: pa.Table, *, provider: str = "made", late: bool = False
    ) -> None:
        """Stamp the batch with the evening of today; a late file was fetched weeks before."""
        self.fetches += 1
        fetched = moment(self.today, 18) + timedelta(seconds=self.fetches)
        fetched -= timedelta(days=self.random.choice([7, 40])) if late else timedelta(0)
        land(self.landing / name, table, provider=provider, fetched_at=fetched)

    # what it is drawn from

    def some_day(self, after: int = 0) -> date:
        return FIRST_DAY + timedelta(days=self.random.randint(after, (self.today - FIRST_DAY).days))

    def some_instrument(self) -> Row:
        return self.random.choice(self.instruments)

    def bars(self, instrument: Row, first: date, last: date) -> list[Row]:
        """One bar for most weekdays, some of them bad in one of the known ways."""
        rows = []
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if day.weekday() > 4 or self.happens(0.02):
                continue
            rows.append(self.bar(instrument, day))
            if self.happens(0.03):
                rows.append(self.spoilt(rows[-1]))
            elif self.happens(0.03):
                rows[-1] = self.spoilt(rows[-1])
        return rows

    def happens(self, share: float) -> bool:
        return not self.is_clean and self.random.random() < share

    def bar(self, instrument: Row, day: date) -> Row:
        symbol = instrument["symbol"]
        before = self.levels.get(symbol, 100.0)
        close = self.levels[symbol] = before * (1 + self.random.gauss(0, 0.02))
        return {
            **{"symbol": symbol, "session_date": day, "open": before, "close": close},
            **{"high": max(before, close), "low": min(before, close), "adjusted_close": close},
            **{"volume": self.random.randint(1, 1000), "currency": instrument["currency"]},
        }

    def spoilt(self, row: Row) -> Row:
        stale = dict.fromkeys(("open", "high", "low", "close"), self.levels[row["symbol"]])
        return row | self.random.choice(
            [
                stale | {"volume": 0},
                {"close": None},
                {"close": float("nan")},
                {"low": -1.0},
                {"high": row["low"], "low": row["high"]},
                {"currency": "XXX"},
                {"close": row["close"] * 2, "high": row["close"] * 2},
                {"session_date": row["session_date"] + timedelta(days=1)},
                {},
            ]
        )

    # what can happen

    @property
    def steps(self) -> Mapping[str, Callable[[], None]]:
        return {
            "new sessions": self.new_sessions,
            "a session for all": lambda: self.new_sessions(1),
            "restated bars": self.restated,
            "late bars": lambda: self.restated(late=True),
            "missed split": self.missed_split,
            "split": self.split,
            "dividends": self.dividends,
            "corrections": self.corrected,
            "new listing": self.listing,
            "other benchmark": self.other_benchmark,
            "calendar": self.calendar,
            "bars before the close": self.before_the_close,
            "silence, then bars": self.silence,
            "events": self.other_events,
            "studies": self.other_study,
            "factors": self.other_factors,
            "nothing": lambda: None,
        }

    def step(self, name: str | None = None) -> str:
        name = name or self.random.choice(list(self.steps))
        self.steps[name]()
        self.log.append(name)
        return name

    def new_sessions(self, days: int | None = None) -> None:
        first = self.today + timedelta(days=1)
        self.today += timedelta(days=days or self.random.randint(1, 6))
        chosen = [i for i in self.instruments if days or self.random.random() < 0.8]
        self.land_bars([bar for i in chosen for bar in self.bars(i, first, self.today)])

    def restated(self, *, late: bool = False) -> None:
        rows = []
        for _ in range(self.random.randint(1, 4)):
            row = self.bar(self.some_instrument(), self.some_day())
            rows.append(self.spoilt(row) if self.random.random() < 0.3 else row)
        self.land_bars(rows, late=late)

    def missed_split(self) -> None:
        """The level halves, or comes back, and nobody says so."""
        instrument = self.some_instrument()
        self.levels[instrument["symbol"]] *= self.random.choice([0.5, 2.0, 0.1, 3.0])
        first = self.today + timedelta(days=1)
        self.today += timedelta(days=self.random.randint(1, 5))
        self.land_bars(self.bars(instrument, first, self.today))

    def split(self) -> None:
        instrument, day = self.some_instrument(), self.today + timedelta(days=1)
        ratio = self.random.choice([2.0, 3.0, 0.5, float("nan")])
        self.land_actions(
            [{"symbol": instrument["symbol"], "ex_date": day, "kind": "split", "value": ratio}]
        )
        self.levels[instrument["symbol"]] /= ratio if ratio == ratio else 1.0  # noqa: PLR0124
        self.new_sessions(3)

    def dividends(self) -> None:
        self.land_actions(
            [
                {
                    **{"symbol": self.some_instrument()["symbol"], "ex_date": self.some_day()},
                    **{"kind": "dividend", "value": self.random.choice([0.5, 1.0, -1.0])},
                }
                for _ in range(self.random.randint(1, 5))
            ]
        )

    def corrected(self) -> None:
        """A correction more, for a bar that may be good or bad; sometimes one goes."""
        if self.corrections and self.random.random() < 0.3:
            self.corrections.remove(self.random.choice(self.corrections))
        for _ in range(5):
            instrument = self.some_instrument()
            self.corrections.append(
                {
                    **{"symbol": instrument["symbol"], "session_date": self.some_day()},
                    **{"field": "close", "value": self.levels.get(instrument["symbol"], 1.0)},
                    **{"currency": instrument["currency"], "citation": "a page"},
                }
            )
        self.snapshot("price_corrections", self.corrections)

    def listing(self) -> None:
        """Somewhere in the list, so that others change their places."""
        new = _instrument(f"NEW{self.fetches}", "XNYS", benchmark_symbol="INDEX")
        self.instruments.insert(self.random.randint(0, len(self.instruments)), new)
        self.snapshot("instruments", self.instruments)
        self.land_bars(self.bars(new, self.some_day(), self.today))

    def other_benchmark(self) -> None:
        chosen = self.random.choice([i for i in self.instruments if i["benchmark_symbol"]])
        chosen["benchmark_symbol"] = self.random.choice(["INDEX", "DAX", None, "NOBODY"])
        self.snapshot("instruments", self.instruments)

    def other_study(self) -> None:
        """One of the two asks for something else than before."""
        number = self.random.randrange(2)
        self.studies[number] = self.studies[number] | self.random.choice(
            [
                *({"windows": windows} for windows in ("0:0 -1:1 -3:3", "0:1", "0:0 -1:1")),
                *({"minimum_observations": fewest} for fewest in (15, 38)),
                *({"pooled": pooled} for pooled in ("event", "study")),
                {"estimation_sessions": self.random.randint(35, 50)},
            ]
        )
        self.snapshot("studies", self.studies)

    def other_factors(self) -> None:
        """One return of a factor is another, and one is not known any more."""
        self.random.choice(self.factors)["value"] = self.random.gauss(0, 0.01)
        self.factors.remove(self.random.choice(self.factors))
        self.snapshot("factor_returns", self.factors)

    def calendar(self) -> None:
        """A holiday more, one less, or a longer calendar."""
        mic = self.random.choice(EXCHANGES)
        kind = self.random.choice(["longer", "holiday", "session"])
        if kind == "longer" or not self.holidays[mic]:
            self.calendar_end += timedelta(days=30)
        if kind == "holiday":
            self.holidays[mic].add(self.some_day())
        elif self.holidays[mic]:
            self.holidays[mic].remove(self.random.choice(sorted(self.holidays[mic])))
        self.land_calendar()

    def before_the_close(self) -> None:
        day = self.today + timedelta(days=1)
        self.land_bars([self.bar(i, day) for i in self.instruments[:3]])
        self.today = day

    def silence(self) -> None:
        instrument = self.some_instrument()
        self.today += timedelta(days=self.random.choice([10, 70]))
        self.calendar_end = max(self.calendar_end, self.today + timedelta(days=30))
        self.land_calendar()
        self.land_bars(self.bars(instrument, self.today - timedelta(days=3), self.today))


def _instrument(symbol: str, mic: str, **other: Any) -> Row:
    return {
        **{"symbol": symbol, "name": symbol, "issuer": symbol, "kind": "stock", "mic": mic},
        **{"currency": "USD", "benchmark_symbol": None},
        **other,
    }
