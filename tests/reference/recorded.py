"""The default study of the recorded bars, computed without the warehouse.

Belongs here: from the recorded files to returns, and from them to the study of every instrument.
Does not belong here: anything read from the warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import exchange_calendars as xcals
import pandas as pd

from tests.reference.study import Study, study

DATA = Path(__file__).resolve().parents[2] / "data"
CALENDAR_FIRST, CALENDAR_LAST = "2019-01-01", "2026-06-30"


@dataclass(frozen=True)
class Recorded:
    """The study of one recorded instrument and model, with what the marts say around it.

    Attributes:
        missing_sessions: sessions of the estimation window that no observation ends on.
        rests_on_correction: whether an estimation return rests on a corrected close.
        corrected: shape (e,), by relative session: whether an event-window return does.
    """

    study: Study
    group_name: str
    session_dates: dict[str, date]
    missing_sessions: int
    rests_on_correction: bool
    corrected: pd.Series


def table(name: str) -> pd.DataFrame:
    """Return a reference table, every cell as text."""
    return pd.read_csv(DATA / "reference" / f"{name}.csv", dtype=str, keep_default_na=False)


def named_windows(windows: str) -> dict[str, tuple[int, int]]:
    """Return the windows of `0:0 -1:1` by their names `[0,0]` and `[-1,+1]`."""
    found = {}
    for bounds in windows.split():
        first, last = (int(part) for part in bounds.split(":"))
        names = (f"{bound:+d}" if bound else "0" for bound in (first, last))
        found[f"[{','.join(names)}]"] = (first, last)
    return found


def usable_bars() -> dict[str, pd.DataFrame]:
    """Return each instrument's usable closes and dividends by session date, corrections applied."""
    recorded = pd.read_parquet(DATA / "recorded" / "daily_bars.parquet")
    recorded["session_date"] = pd.to_datetime(recorded["session_date"])
    corrections = table("price_corrections")
    bars = {}
    for symbol, unsorted in recorded.groupby("symbol"):
        rows = unsorted.sort_values("session_date").set_index("session_date")
        repeats = rows[["open", "high", "low"]].apply(lambda part, c=rows["close"]: part.eq(c))
        unmoved = rows["close"].eq(rows["close"].shift())
        absent = rows[["open", "high", "low"]].isna()
        stale = rows["volume"].eq(0) & unmoved & (repeats | absent).all(axis=1)
        closes, corrected = rows["close"].mask(stale), pd.Series(False, rows.index)
        for row in corrections[corrections["symbol"] == symbol].itertuples():
            if row.field == "close" and stale[row.session_date]:
                closes[row.session_date] = float(row.value)
                corrected[row.session_date] = True
        columns = {"close": closes, "dividend": rows["dividend"], "corrected": corrected}
        bars[symbol] = pd.DataFrame(columns).dropna()
    return bars


def trade_to_trade(bars: pd.DataFrame, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the total returns between usable closes: position, previous date, k, r, corrected."""
    bars = bars[bars.index.isin(sessions)]
    position = pd.Series(sessions.get_indexer(bars.index), bars.index)
    return pd.DataFrame(
        {
            "position": position,
            "previous": bars.index.to_series().shift(),
            "k": position.diff(),
            "r": (bars["close"] + bars["dividend"]) / bars["close"].shift() - 1,
            "corrected": bars["corrected"] | bars["corrected"].shift(fill_value=False),
        }
    ).dropna()


def paired(bars: pd.DataFrame, benchmark: pd.DataFrame, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    """Return trade-to-trade returns with b, the benchmark's return over the same sessions."""
    returns = trade_to_trade(bars, sessions)
    total = (1 + trade_to_trade(benchmark, sessions)["r"]).cumprod()
    total = pd.concat([pd.Series({benchmark.index[0]: 1.0}), total])
    returns["b"] = total.reindex(returns.index) / total.reindex(returns["previous"]).to_numpy() - 1
    return returns


def observed(
    returns: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    day_0: int,
    *,
    wanted: Any,
    model: str,
    group_name: str,
) -> Recorded:
    """Study one instrument's paired returns, indexed by relative session, under one model.

    `wanted` is the study's row of studies.csv; `day_0` the position of day 0 in `sessions`.
    """
    last = int(wanted.estimation_last)
    estimated = returns.loc[last - int(wanted.estimation_sessions) + 1 : last]
    around = returns.loc[int(wanted.event_window_first) : int(wanted.event_window_last)]
    windows = named_windows(wanted.windows)
    found = study(model, estimated, around, windows, wanted.return_type, around=returns)
    positions = {
        "estimation_first": day_0 + estimated.index[0],
        "estimation_last": day_0 + estimated.index[-1],
        "event_first": day_0 + int(wanted.event_window_first),
        "event_last": day_0 + int(wanted.event_window_last),
        "day_0": day_0,
    }
    return Recorded(
        study=found,
        group_name=group_name,
        session_dates={name: sessions[at].date() for name, at in positions.items()},
        missing_sessions=int(wanted.estimation_sessions) - found.estimation.observations,
        rests_on_correction=bool(estimated["corrected"].any()),
        corrected=around["corrected"],
    )


def recorded_studies() -> dict[tuple[str, str], Recorded]:
    """Return the default study of the recorded event, by symbol and model."""
    event, parameters = table("events").iloc[0], table("studies").set_index("study_id")
    wanted: Any = parameters.loc["default"]
    instruments = table("instruments").set_index("symbol")
    calendars = {
        row.mic: xcals.get_calendar(row.calendar, start=CALENDAR_FIRST, end=CALENDAR_LAST)
        for row in table("exchanges").itertuples()
    }
    bars = usable_bars()
    studies = {}
    for row in table("event_instruments").itertuples():
        calendar = calendars[instruments.loc[row.symbol, "mic"]]
        benchmark = instruments.loc[row.symbol, "benchmark_symbol"]
        if row.symbol not in bars or benchmark not in bars:
            continue
        returns = paired(bars[row.symbol], bars[benchmark], calendar.sessions)
        day_0 = int(calendar.closes.searchsorted(pd.Timestamp(event.announced_at), side="right"))
        returns.index = returns["position"].astype(int) - day_0
        for model in wanted.models.split():
            studies[row.symbol, model] = observed(
                returns,
                calendar.sessions,
                day_0,
                wanted=wanted,
                model=model,
                group_name=row.group_name,
            )
    return studies
