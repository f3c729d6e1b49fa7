"""Several providers in an order: who is asked for what, who answered, and what lands from whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from orchestration.defs.prices.assets import summary
from orchestration.defs.prices.checks import bars_freshness
from orchestration.defs.prices.ingest import NoAnswerError
from orchestration.defs.prices.provider import ProviderDownError, RateLimitedError
from orchestration.landing import land
from tests.price_world import (
    CLOSES,
    REFERENCE_TIME,
    ScriptedProvider,
    World,
    land_reference,
    settings_in,
    utc,
)

THURSDAY, FRIDAY, MONDAY, TUESDAY = (date(2025, 1, day) for day in (23, 24, 27, 28))
NVDA = {FRIDAY: 142.62, MONDAY: 118.42}
MONDAY_NIGHT, TUESDAY_NIGHT = utc(1, 27, 22), utc(1, 28, 22)
DOWN = ProviderDownError("503.")


def world_of(
    folder: Path,
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    instruments: Mapping[str, str] | None = None,
) -> World:
    """Two providers, `recorded` before `yahoo`, both scripted, and one instrument if no others."""
    settings = settings_in(folder, AFTERSHOCK_PRICE_PROVIDER="recorded,yahoo")
    land_reference(settings, instruments or {"NVDA": "XNYS"})
    return World(
        settings,
        ScriptedProvider(dict(first), name="recorded"),
        {"yahoo": ScriptedProvider(dict(second), name="yahoo")},
    )


def landed_by(world: World) -> list[tuple[str, str, date]]:
    """Return provider, symbol and session of every landed version, as landed."""
    import pyarrow.parquet as pq

    return [
        (row["provider"], row["symbol"], row["session_date"])
        for path in sorted(world.bars_dir.glob("*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


def test_the_second_is_not_asked_when_the_first_has_everything(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": NVDA})
    done = world.run(MONDAY_NIGHT)
    assert world.others["yahoo"].asked == []
    assert done.providers == ["recorded"]
    assert summary(done) == "recorded: 1 symbols answered; 2 new bars up to 2025-01-27"


def test_a_failure_is_made_good_by_the_next_and_both_are_named(tmp_path: Path) -> None:
    world = world_of(
        tmp_path,
        {"NVDA": RateLimitedError("429."), "MSFT": NVDA},
        {"NVDA": NVDA},
        {"NVDA": "XNYS", "MSFT": "XNYS"},
    )
    done = world.run(MONDAY_NIGHT)
    assert [symbol for symbol, _, _ in world.others["yahoo"].asked] == ["NVDA"]
    assert done.collected.failed == []
    [(failure, answer)] = done.collected.made_good
    assert (failure.symbol, failure.provider, answer.provider) == ("NVDA", "recorded", "yahoo")
    assert summary(done) == (
        "recorded: 1 symbols answered, 1 rate limited; yahoo: 1 symbols answered; "
        "4 new bars up to 2025-01-27"
    )
    assert sorted(landed_by(world)) == [
        ("recorded", "MSFT", FRIDAY),
        ("recorded", "MSFT", MONDAY),
        ("yahoo", "NVDA", FRIDAY),
        ("yahoo", "NVDA", MONDAY),
    ]


def test_an_honest_no_goes_on_to_the_next(tmp_path: Path) -> None:
    world = world_of(tmp_path, {}, {"NVDA": NVDA})
    done = world.run(MONDAY_NIGHT)
    assert [(o.provider, o.outcome) for o in done.collected.outcomes] == [
        ("recorded", "no_data"),
        ("yahoo", "answered"),
    ]


def test_the_next_is_asked_only_beyond_what_the_first_has_served(tmp_path: Path) -> None:
    """A recording that ends goes on with the next provider, and no served bar is served twice."""
    world = world_of(
        tmp_path, {"NVDA": NVDA}, {"NVDA": {THURSDAY: 147.22, **NVDA, TUESDAY: 128.99}}
    )
    world.run(TUESDAY_NIGHT)
    assert world.others["yahoo"].asked == [("NVDA", TUESDAY, TUESDAY)]
    assert landed_by(world) == [
        ("recorded", "NVDA", FRIDAY),
        ("recorded", "NVDA", MONDAY),
        ("yahoo", "NVDA", TUESDAY),
    ]


def test_the_next_is_asked_only_beyond_what_has_landed_from_the_first(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": {**NVDA, TUESDAY: 128.99}})
    world.run(MONDAY_NIGHT)
    world.provider.closes["NVDA"] = DOWN
    world.run(TUESDAY_NIGHT)
    assert world.others["yahoo"].asked == [("NVDA", TUESDAY, TUESDAY)]
    # the first is back: it is asked from its own last session, and its bars are the newest
    world.provider.closes["NVDA"] = {**NVDA, TUESDAY: 129.0}
    world.run(utc(1, 28, 23))
    assert landed_by(world)[-2:] == [("yahoo", "NVDA", TUESDAY), ("recorded", "NVDA", TUESDAY)]


def test_nobody_else_is_asked_when_nothing_is_missing(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": NVDA})
    world.run(MONDAY_NIGHT)
    world.provider.closes["NVDA"] = DOWN
    with pytest.raises(NoAnswerError, match=r"recorded: no symbol answered, 1 failed:\nNVDA: rec"):
        world.run(utc(1, 28, 12))
    assert world.others["yahoo"].asked == []


def test_a_gap_that_nobody_closes_is_a_failure(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": DOWN})
    done = world.run(TUESDAY_NIGHT)
    assert [(o.provider, o.outcome) for o in done.collected.failed] == [("yahoo", "provider_down")]


def test_a_backfill_asks_the_next_for_its_own_days(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": NVDA})
    world.run(MONDAY_NIGHT)
    world.provider.closes["NVDA"] = DOWN
    world.run(TUESDAY_NIGHT, start_date="2025-01-24", end_date="2025-01-27", symbols=["NVDA"])
    assert world.others["yahoo"].asked == [("NVDA", FRIDAY, MONDAY)]


def test_an_instrument_has_its_own_order(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA, "MSFT": NVDA}, {"NVDA": NVDA, "MSFT": NVDA})
    rows = [
        {"symbol": "MSFT", "mic": "XNYS", "providers": None},
        {"symbol": "NVDA", "mic": "XNYS", "providers": "yahoo recorded"},
    ]
    land(
        world.settings.landing_dir / "instruments",
        pa.Table.from_pylist(rows),
        provider="reference",
        fetched_at=REFERENCE_TIME.replace(hour=1),
    )
    world.run(MONDAY_NIGHT)
    assert {(provider, symbol) for provider, symbol, _ in landed_by(world)} == {
        ("recorded", "MSFT"),
        ("yahoo", "NVDA"),
    }


def test_bars_are_due_as_far_as_any_provider_goes(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"NVDA": NVDA}, {"NVDA": NVDA})
    world.run(MONDAY_NIGHT)
    world.provider.end = MONDAY

    def behind() -> dict[str, int]:
        [exchange] = bars_freshness(
            world.settings, lambda name: world.others.get(name, world.provider), utc(1, 29, 12)
        )
        return exchange.behind

    assert behind() == {"NVDA": 1}
    world.others["yahoo"].end = MONDAY
    assert behind() == {}


def test_after_three_missed_ticks_the_next_run_closes_the_gap(tmp_path: Path) -> None:
    sessions = sorted(CLOSES["XNYS"])
    served = {day: 100.0 + number for number, day in enumerate(sessions)}
    world = world_of(tmp_path, {"NVDA": served}, {})
    world.run(utc(1, 22, 22))
    # the ticks of the 23rd, 24th and 27th are missed
    done = world.run(TUESDAY_NIGHT)
    assert done.bars["session_date"].to_pylist() == [THURSDAY, FRIDAY, MONDAY, TUESDAY]
    assert [day for _, _, day in landed_by(world)] == [day for day in sessions if day <= TUESDAY]
