"""The drop folder: any vendor's files through the column map, and one clear reason for the rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.defs.prices.inputs import InputError
from orchestration.defs.prices.provider import NoDataError, ProviderUnusableError
from orchestration.defs.prices.providers.drop import DropProvider, provider
from orchestration.landing import land
from tests.price_world import (
    REFERENCE_TIME,
    World,
    land_reference,
    land_vendor_symbols,
    settings_in,
    utc,
)

COLUMNS = [
    ("plain", "symbol", "symbol", None),
    ("plain", "date", "date", None),
    ("plain", "close", "close", None),
    ("plain", "volume", "volume", None),
    ("plain", "currency", "currency", None),
    ("plain", "dividend", "dividend", None),
    ("plain", "split", "split_ratio", None),
    ("bourse", "Datum", "date", "%d.%m.%Y"),
    ("bourse", 'Schluss "EUR"', "close", "comma"),
    ("ticks", "day", "date", None),
    ("ticks", "last", "close", None),
    ("compact", "day", "date", "%Y%m%d"),
    ("compact", "last", "close", None),
]
HEADER = "symbol,date,close,volume,currency,dividend,split\n"
GOOD = HEADER + "NVDA,2025-01-24,142.62,1000,USD,,\nNVDA,2025-01-27,118.42,,USD,0.01,10\n"
FRIDAY, MONDAY = date(2025, 1, 24), date(2025, 1, 27)
EVER = (date(2000, 1, 1), date(2030, 1, 1))

Drop = Callable[[str, str | bytes], Path]


@pytest.fixture
def world(tmp_path: Path) -> World:
    settings = settings_in(tmp_path, AFTERSHOCK_PRICE_PROVIDER="drop")
    land_reference(settings)
    names = ("vendor", "column", "meaning", "format")
    rows = [dict(zip(names, row, strict=True)) for row in COLUMNS]
    land(
        settings.landing_dir / "vendor_columns",
        pa.Table.from_pylist(rows),
        provider="reference",
        fetched_at=REFERENCE_TIME,
    )
    land_vendor_symbols(settings.landing_dir, REFERENCE_TIME, plain={"NVD GY": "NVDA"})
    return World(settings, provider(settings))  # type: ignore[arg-type]


@pytest.fixture
def drop(world: World) -> Drop:
    def put(name: str, content: str | bytes) -> Path:
        path = world.settings.drop_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def fresh(world: World) -> DropProvider:
    """A provider that has read nothing yet, as each run has."""
    return provider(world.settings)


def closes(world: World, symbol: str) -> dict[date, float]:
    bars = fresh(world).fetch(symbol, *EVER).bars
    return dict(zip(bars["session_date"].to_pylist(), bars["close"].to_pylist(), strict=True))


def test_symbols_from_a_column_with_actions_and_currency(world: World, drop: Drop) -> None:
    drop("plain/all.csv", GOOD + "ENR.DE,2025-01-27,48.32,5,EUR,,\nSTRANGER,2025-01-27,1,1,USD,,\n")
    found = fresh(world)
    answer = found.fetch("NVDA", *EVER)
    assert answer.currency == "USD"
    assert answer.bars["close"].to_pylist() == [142.62, 118.42]
    assert answer.bars["volume"].to_pylist() == [1000, None]
    assert [(a["kind"], a["value"]) for a in answer.actions.to_pylist()] == [
        ("dividend", 0.01),
        ("split", 10.0),
    ]
    assert found.fetch("ENR.DE", *EVER).bars.num_rows == 1
    # a vendor's file may hold the whole market; what is no instrument is passed over
    assert found.rejections() == []
    with pytest.raises(NoDataError, match="has bars of STRANGER"):
        found.fetch("STRANGER", *EVER)


def test_a_symbol_from_the_name_and_a_vendors_own_way_to_write(world: World, drop: Drop) -> None:
    drop("bourse/ENR.DE.csv", 'Datum;"Schluss ""EUR"""\n24.01.2025;58,8\n27.01.2025;48,32\n')
    assert closes(world, "ENR.DE") == {FRIDAY: 58.8, MONDAY: 48.32}


def test_a_vendors_own_symbols_are_read_as_the_map_says(world: World, drop: Drop) -> None:
    land_vendor_symbols(
        world.settings.landing_dir, utc(1, 2), plain={"NVD GY": "NVDA", "ENR.DE": "MSFT"}
    )
    drop("plain/all.csv", HEADER + "NVD GY,2025-01-27,118.42,,USD,,\nENR.DE,2025-01-27,1,,,,\n")
    assert closes(world, "NVDA") == {MONDAY: 118.42}
    # what the vendor calls by the name of one of our instruments is another one
    assert closes(world, "MSFT") == {MONDAY: 1.0}
    with pytest.raises(NoDataError, match=r"has bars of ENR\.DE"):
        fresh(world).fetch("ENR.DE", *EVER)


def test_a_file_may_be_named_by_a_vendors_symbol(tmp_path: Path, world: World, drop: Drop) -> None:
    land_vendor_symbols(world.settings.landing_dir, utc(1, 2), ticks={"nv'da": "NVDA"})
    drop("ticks/nv'da.csv", "day,last\n2025-01-27,118.42\n")
    assert closes(world, "NVDA") == {MONDAY: 118.42}
    # of another vendor it means nothing
    drop("compact/nv'da.csv", "day,last\n20250127,118.42\n")
    [rejection] = fresh(world).rejections()
    assert "is no symbol of instruments.csv or vendor_symbols.csv" in rejection


def test_two_symbols_of_one_instrument_must_agree(world: World, drop: Drop) -> None:
    rows = "NVD GY,2025-01-27,118.42,,USD,,\nNVDA,2025-01-27,118.43,,USD,,\n"
    drop("plain/all.csv", HEADER + rows)
    [rejection] = fresh(world).rejections()
    assert "NVDA of 2025-01-27 stands there with different values" in rejection


@pytest.mark.parametrize(
    ("vendor", "days"),
    [
        ("ticks", pa.array([FRIDAY, MONDAY])),
        ("ticks", pa.array([datetime(2025, 1, 24), datetime(2025, 1, 27)], pa.timestamp("ns"))),
        ("ticks", pa.array(["2025-01-24", "2025-01-27"])),
        ("compact", pa.array([20250124, 20250127])),
        ("compact", pa.array([FRIDAY, MONDAY])),
    ],
)
def test_parquet_of_any_type(world: World, drop: Drop, vendor: str, days: pa.Array) -> None:
    path = drop(f"{vendor}/NVDA.parquet", b"")
    pq.write_table(pa.table({"day": days, "last": pa.array([142.62, 118.42])}), path)
    assert closes(world, "NVDA") == {FRIDAY: 142.62, MONDAY: 118.42}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "plain/a.csv",
            GOOD + "NVDA,2025-01-28,12x.5,1,USD,,\n",
            "row 3, column close: 12x.5",
        ),
        ("plain/a.csv", GOOD + "NVDA,2025-01-28,inf,1,USD,,\n", "row 3, column close: inf is no"),
        ("plain/a.csv", GOOD + 'NVDA,2025-01-28,"1,5",1,USD,,\n', "column close: 1,5 is no number"),
        ("plain/a.csv", GOOD + "NVDA,28.01.2025,1,1,USD,,\n", "column date: 28.01.2025 is no day"),
        ("plain/a.csv", GOOD + "NVDA,2025-02-30,1,1,USD,,\n", "column date: 2025-02-30 is no day"),
        ("plain/a.csv", GOOD + "NVDA,,1,1,USD,,\n", "column date: nothing is no day"),
        ("plain/a.csv", GOOD + ",2025-01-28,1,1,USD,,\n", "row 3 names no symbol"),
        ("plain/a.csv", GOOD + "NVDA,2025-01-28,1,1e19,USD,,\n", "no such volume"),
        ("plain/a.csv", GOOD + "NVDA,2025-01-28,1,1,<b>,,\n", "<b> is no currency code"),
        ("plain/a.csv", GOOD + "NVDA,2025-01-27,9,1,USD,,\n", "NVDA of 2025-01-27 stands there"),
        ("plain/a.csv", GOOD + "NVDA,2025-01-28\n", "cannot be read"),
        ("plain/a.csv", HEADER, "has no rows"),
        ("plain/a.csv", HEADER + "XX,2025-01-28,1,1,USD,,\n", "no symbol of instruments.csv"),
        ("plain/a.csv", "symbol,date\nNVDA,2025-01-27\n", "has no column 'close'"),
        ("plain/a.csv", "", "has no column"),
        ("plain/a.csv", b"\xff\xfe\x00<html>", "cannot be read"),
        ("plain/a.parquet", b"PAR1 cut short", "cannot be read"),
        ("plain/a.txt", GOOD, "the name must end in .csv or .parquet"),
        ("plain/a*.csv", GOOD, "the name has one of * ? ["),
        ("a.csv", GOOD, "belongs into a folder named after its vendor (bourse, compact, plain"),
        ("nobody/a.csv", GOOD, "the folder is no vendor of vendor_columns.csv"),
        ("ticks/STRANGER.csv", "day,last\n2025-01-27,1\n", "'STRANGER' is no symbol"),
    ],
)
def test_a_malformed_file_is_one_rejection_and_the_others_are_kept(
    world: World, drop: Drop, name: str, content: str | bytes, said: str
) -> None:
    drop(name, content)
    drop("plain/good.csv", GOOD)
    found = fresh(world)
    assert found.fetch("NVDA", *EVER).bars["close"].to_pylist() == [142.62, 118.42]
    [rejection] = found.rejections()
    assert rejection.startswith(f"{name}: ")
    assert said in rejection


def test_a_link_out_of_the_folder_is_not_followed(world: World, drop: Drop, tmp_path: Path) -> None:
    drop("plain/good.csv", GOOD)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "NVDA.csv").write_text("day,last\n2025-01-27,1\n")
    (world.settings.drop_dir / "ticks").symlink_to(outside)
    (world.settings.drop_dir / "plain" / "secret.csv").symlink_to("/etc/passwd")
    os.mkfifo(world.settings.drop_dir / "plain" / "pipe.csv")
    found = fresh(world)
    assert found.fetch("NVDA", *EVER).bars["close"].to_pylist() == [142.62, 118.42]
    assert [line.split(": ")[0] for line in found.rejections()] == [
        "plain/pipe.csv",
        "plain/secret.csv",
        "ticks",
    ]


def test_hidden_files_and_a_missing_folder_are_nothing(world: World, drop: Drop) -> None:
    with pytest.raises(NoDataError):
        fresh(world).fetch("NVDA", *EVER)
    drop("plain/.half-copied.csv", "x")
    assert fresh(world).rejections() == []


def test_late_and_out_of_order_files_give_the_same_in_any_order(
    tmp_path: Path, world: World, drop: Drop
) -> None:
    files = {
        "plain/1.csv": HEADER + "NVDA,2025-01-21,140.83,1,USD,,\n",
        "plain/2.csv": GOOD,
        "plain/3.csv": HEADER + "NVDA,2025-01-24,142.60,1,USD,,\n",
        "plain/4.csv": "no,csv\n1\n",
    }
    ends = set()
    for order in permutations(files):
        for hour, name in enumerate(order):
            drop(name, files[name])
            world.provider = fresh(world)  # type: ignore[assignment]
            if name != "plain/4.csv" or hour:
                world.run(utc(1, 28, hour))
        newest = {day: close for _, _, day, close in world.landed()}
        ends.add(tuple(sorted(newest.items())))
        for landed in (*world.bars_dir.iterdir(), *world.settings.drop_dir.glob("plain/*")):
            landed.unlink()
    assert ends == {((date(2025, 1, 21), 140.83), (FRIDAY, 142.60), (MONDAY, 118.42))}


def test_a_vendor_without_a_close_is_a_fault_of_the_map(world: World) -> None:
    land(
        world.settings.landing_dir / "vendor_columns",
        pa.table({"vendor": ["v"], "column": ["d"], "meaning": ["date"], "format": [""]}),
        provider="reference",
        fetched_at=utc(1, 2),
    )
    with pytest.raises(ProviderUnusableError, match="v has no column that means close"):
        fresh(world).fetch("NVDA", *EVER)


def test_without_a_landed_map_the_mend_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="landing/vendor_columns has nothing"):
        DropProvider(tmp_path, tmp_path).fetch("NVDA", *EVER)


def test_without_a_landed_map_of_symbols_the_mend_is_named(world: World) -> None:
    for landed in (world.settings.landing_dir / "vendor_symbols").iterdir():
        landed.unlink()
    with pytest.raises(InputError, match="landing/vendor_symbols has nothing"):
        fresh(world).fetch("NVDA", *EVER)
