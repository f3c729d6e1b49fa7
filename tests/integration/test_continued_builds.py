"""A continued build gives what a build from landing gives, row for row and bit for bit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.warehouse.dbt import build
from orchestration.settings import Settings, load_settings
from orchestration.study.export import MARTS
from tests.price_history import FIRST_DAY, History, moment

# how a build came about, or what it made again, not what it holds
OF_THE_BUILD = {
    *("stg_landed_batches", "stg_changed_bars", "stg_price_changes"),
    *("int_touched_prices", "int_touched_returns", "int_touched_pairs", "int_changed_returns"),
    *("int_touched_subjects", "int_stale_subjects", "int_touched_groups"),
}
# of the touched subjects and groups only
PASSING = {
    *("int_return_blocks", "int_estimation_sums", "int_estimation_moments"),
    *("int_scholes_williams", "int_factor_returns", "int_factor_moments"),
    *("int_factor_estimations", "int_factor_window_errors", "int_subject_coverage"),
    *("int_window_sums", "int_group_subjects", "int_group_sums", "int_group_series"),
    *("int_group_dependence", "int_rank_values", "int_rank_series", "int_rank_statistics"),
    *(
        "int_estimation_ranks",
        "int_ranked_windows",
        "int_ranked_pages",
        "int_generalised_ranks",
        "int_signed_ranks",
    ),
    "int_group_statistics",
}
PRICES = ["+daily_returns", "+int_paired_returns", "+price_incidents", "+price_restatements"]


def _settings(folder: Path) -> Settings:
    return load_settings({"AFTERSHOCK_DATA_DIR": str(folder)})


def _build(settings: Settings, select: list[str]) -> None:
    said: list[str] = []
    outcome = build(settings, select=select, report=said.append)
    assert outcome.failures == [], said


def _rebuilt(settings: Settings, select: list[str]) -> Settings:
    """Build the same landing in a data directory of its own."""
    other = replace(settings, data_dir=settings.data_dir.with_name("rebuilt"))
    other.data_dir.mkdir(exist_ok=True)
    if not other.landing_dir.exists():
        other.landing_dir.symlink_to(settings.landing_dir)
    other.warehouse_path.unlink(missing_ok=True)
    _build(other, select)
    return other


def _differences(one: Path, other: Path) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'other'"
        ).fetchall()
        assert len(tables) > 10
        found = []
        for schema, table in tables:
            if table in OF_THE_BUILD | PASSING:
                continue
            name = f"{schema}.{table}"
            for a, b in (("one", "other"), ("other", "one")):
                rows = connection.execute(
                    f"select * from {a}.{name} except all select * from {b}.{name} limit 3"
                ).fetchall()
                found += [f"{name}: only in {a}: {row}" for row in rows]
        return found


@pytest.mark.parametrize("seed", [0, 5])
def test_a_random_history_gives_what_landing_gives(place: Path, seed: int) -> None:
    settings = _settings(place / "continued")
    history = History(settings.landing_dir, seed)
    _build(settings, PRICES)
    for number in range(1, 9):
        history.step()
        _build(settings, PRICES)
        if number % 4 == 0:
            rebuilt = _rebuilt(settings, PRICES)
            assert _differences(settings.warehouse_path, rebuilt.warehouse_path) == [], history.log


@pytest.mark.parametrize("seed", [3])
def test_the_event_study_of_a_random_history_is_what_landing_gives(place: Path, seed: int) -> None:
    marts = [f"+{name}" for name in MARTS] + PRICES
    settings = _settings(place / "continued")
    history = History(settings.landing_dir, seed)
    _build(settings, marts)
    for number, names in enumerate(
        (
            ("a session for all", "restated bars"),
            ("events", "factors"),
            ("studies", "split"),
            ("events", "calendar", "new sessions"),
            ("other benchmark", "new listing", "corrections"),
        )
    ):
        for name in names:
            history.step(name)
        _build(settings, marts)
        if number % 2 == 1:
            continue
        rebuilt = _rebuilt(settings, marts)
        assert _differences(settings.warehouse_path, rebuilt.warehouse_path) == [], history.log
    with duckdb.connect(str(rebuilt.warehouse_path), read_only=True) as connection:
        ((studied,),) = connection.execute(
            "select count(*) from marts.event_study_results"
        ).fetchall()
    assert studied > 20


# a column that no other model needs; a row that is made again loses the mark in it
MARKED = {
    "staging.stg_daily_bars": "snapshot",
    "intermediate.int_scheduled_bars": "provider",
    "intermediate.int_bar_quality": "provider",
    "intermediate.int_prices": "snapshot",
    "intermediate.int_returns": "snapshot",
    "intermediate.int_paired_returns": "mic",
    "marts.daily_returns": "currency",
}


def _rows_made_again(settings: Settings) -> dict[str, int]:
    """Continue the build and count the rows that it made, old ones made again or new ones."""
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        for table, column in MARKED.items():
            connection.execute(f"update {table} set {column} = 'mark of {table}'")
    _build(settings, PRICES)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return {
            table.split(".")[1]: connection.execute(
                f"select count(*) from {table} where {column} is distinct from 'mark of {table}'"
            ).fetchall()[0][0]
            for table, column in MARKED.items()
        }


def test_the_cost_is_that_of_what_is_touched(place: Path) -> None:
    settings = _settings(place / "continued")
    history = History(settings.landing_dir, seed=1, is_clean=True)
    history.today += timedelta(days=(4 - history.today.weekday()) % 7)
    history.step("a session for all")
    _build(settings, PRICES)
    assert set(_rows_made_again(settings).values()) == {0}

    instruments = len(history.instruments)
    history.today += timedelta(days=1)
    monday = history.today
    history.step("a session for all")
    made = _rows_made_again(settings)
    # the session, and the one before it, whose benchmark's next return has become known
    assert made.pop("int_paired_returns") == 2 * instruments
    assert set(made.values()) == {instruments}, (monday, made)

    # one bar three sessions back: it and those after it, of one instrument
    back = monday - timedelta(days=3)
    history.land_bars([history.bar(history.instruments[3], back)])
    made = _rows_made_again(settings)
    assert made == {
        "stg_daily_bars": 1,
        **dict.fromkeys(("int_scheduled_bars", "int_bar_quality", "int_prices", "int_returns"), 3),
        "int_paired_returns": 4,
        "daily_returns": 3,
    }


def _studied_again(settings: Settings, marts: list[str]) -> dict[str, set[str]]:
    """Continue the build; return by event the symbols whose rows it made; * is all events."""
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("update marts.event_window_returns set group_name = 'mark'")
        connection.execute("update marts.event_group_tests set null_reason = 'mark'")
    _build(settings, marts)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        rows = connection.execute(
            "select distinct event_id, symbol from marts.event_window_returns "
            "where group_name <> 'mark'"
        ).fetchall()
        groups = connection.execute(
            "select distinct coalesce(event_id, '*') from marts.event_group_tests "
            "where null_reason is distinct from 'mark'"
        ).fetchall()
    made: dict[str, set[str]] = {event_id: set() for (event_id,) in groups}
    for event_id, symbol in rows:
        made[event_id].add(symbol)
    return made


def test_the_cost_of_a_study_is_that_of_what_is_touched(place: Path) -> None:
    marts = [f"+{name}" for name in MARTS]
    settings = _settings(place / "continued")
    history = History(settings.landing_dir, seed=1, is_clean=True)
    days = [history.today - timedelta(days=back) for back in (60, 30, 2)]
    for event, day in zip(history.events, days, strict=False):
        event["announced_at"] = moment(day, 12)
    history.events = history.events[:3]
    _, middle, late = (event["event_id"] for event in history.events)
    history.land_events(history.events)
    _build(settings, marts)
    assert _studied_again(settings, marts) == {}

    # the window of the late event is still open; what pools events has another member
    history.today += timedelta(days=6 - history.today.weekday())
    history.step("a session for all")
    everyone = set("ABCPQ")
    assert _studied_again(settings, marts) == {late: everyone, "*": set()}

    # after the window of the early event, in the estimation windows of the others
    history.land_bars([history.bar(history.instruments[2], days[0] + timedelta(days=10))])
    assert history.instruments[2]["symbol"] == "A"
    made = _studied_again(settings, marts)
    assert made == {middle: {"A"}, late: {"A"}, "*": set()}

    # the benchmark of all, on a day of no window: it is read again, and nothing rests on it
    history.land_bars([history.bar(history.instruments[0], FIRST_DAY + timedelta(days=7))])
    assert _studied_again(settings, marts) == {}

    another = history.event() | {"announced_at": moment(days[0] + timedelta(days=14), 12)}
    history.land_events([*history.events, another])
    made = _studied_again(settings, marts)
    assert made.pop(another["event_id"]) == everyone
    # its event window is apart from those of the others
    assert made == {"*": set()}
