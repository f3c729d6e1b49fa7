"""A study as it lands: every source that the models read, in the schema that they read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from orchestration.defs.prices.tables import actions_schema, bars_schema
from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.landing import batches
from orchestration.study.arguments import Files
from orchestration.study.case import Case, read_case
from orchestration.study.landed import land_case
from orchestration.study.reference import MIC
from tests.conftest import ROOT

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    texts = {
        "prices": "symbol,date,close,dividend\nAA,2020-01-02,10,\nAA,2020-01-03,11,0.5\n"
        "BB,2020-01-02,5,\nAA,2020-01-06,,\n",
        "benchmark": "date,close\n2020-01-03,101\n2020-01-02,100\n",
        "events": "symbol,date\nAA,2020-01-03\n",
        "factors": "date,smb\n2020-01-02,0.01\n2020-01-03,\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    paths = {name: tmp_path / f"{name}.csv" for name in texts}
    return read_case(Files(study="default", **paths), ROOT / "data" / "reference")


def landed(folder: Path, case: Case, **options: bool) -> dict[str, list[dict[str, object]]]:
    land_case(folder, case, is_adjusted=options.get("is_adjusted", False), now=NOW)
    return {
        source.name: [row for batch in batches(source) for row in pq.read_table(batch).to_pylist()]
        for source in folder.iterdir()
    }


def test_every_source_of_the_models_lands(tmp_path: Path, case: Case) -> None:
    staging = ROOT / "dbt_project" / "models" / "staging" / "_staging.yml"
    (sources,) = yaml.safe_load(staging.read_text())["sources"]
    land_case(tmp_path / "landing", case, is_adjusted=False, now=NOW)
    for source in sources["tables"]:
        (batch, *_) = batches(tmp_path / "landing" / source["name"])
        declared = [column["name"] for column in source["columns"]]
        assert pq.read_schema(batch).names == declared, source["name"]


def test_types_are_those_of_the_project(tmp_path: Path, case: Case) -> None:
    land_case(tmp_path, case, is_adjusted=False, now=NOW)
    for name, schema in (("daily_bars", bars_schema()), ("corporate_actions", actions_schema())):
        found = pq.read_schema(batches(tmp_path / name)[0])
        assert [found.field(field.name).type for field in schema] == [f.type for f in schema]
    assert set(TABLES) <= {folder.name for folder in tmp_path.iterdir()}


def test_only_what_has_an_event_lands(tmp_path: Path, case: Case) -> None:
    found = landed(tmp_path, case)
    bars = [(row["symbol"], row["session_date"], row["close"]) for row in found["daily_bars"]]
    assert bars == [
        ("AA", date(2020, 1, 2), 10.0),
        ("AA", date(2020, 1, 3), 11.0),
        ("BENCHMARK", date(2020, 1, 3), 101.0),
        ("BENCHMARK", date(2020, 1, 2), 100.0),
    ]
    assert case.without_events == 1
    (action,) = found["corporate_actions"]
    assert (action["ex_date"], action["kind"], action["value"]) == (
        date(2020, 1, 3),
        "dividend",
        0.5,
    )
    assert [row["value"] for row in found["factor_returns"]] == [0.01]


def test_the_sessions_are_the_benchmarks_dates(tmp_path: Path, case: Case) -> None:
    found = landed(tmp_path, case)
    sessions = found["trading_sessions"]
    assert [row["session_date"] for row in sessions] == [date(2020, 1, 2), date(2020, 1, 3)]
    announced = found["events"][0]["announced_at"]
    assert announced == datetime(2020, 1, 3, tzinfo=UTC)
    # day 0 is the first session that closes after the announcement
    assert sessions[0]["closes_at"] < announced < sessions[1]["opens_at"]


def test_a_benchmark_is_no_priced_symbol(tmp_path: Path, case: Case) -> None:
    del case
    (tmp_path / "benchmark.csv").write_text("date,BB\n2020-01-02,100\n")
    paths = {name: tmp_path / f"{name}.csv" for name in ("prices", "benchmark", "events")}
    with pytest.raises(ReferenceDataError, match=r"benchmark\.csv.*'BB' — expected another name"):
        read_case(Files(study="default", factors=None, **paths), ROOT / "data" / "reference")


@pytest.mark.parametrize(("is_adjusted", "kind"), [(False, "stock"), (True, "index")])
def test_missed_splits_are_looked_for_unless_told(
    tmp_path: Path, case: Case, is_adjusted: bool, kind: str
) -> None:
    instruments = landed(tmp_path, case, is_adjusted=is_adjusted)["instruments"]
    assert [(r["symbol"], r["kind"], r["benchmark_symbol"], r["mic"]) for r in instruments] == [
        ("AA", kind, "BENCHMARK", MIC),
        ("BENCHMARK", "index", None, MIC),
    ]


def test_a_simulated_future_is_no_bar_from_before_its_session(tmp_path: Path, case: Case) -> None:
    land_case(tmp_path, case, is_adjusted=False, now=datetime(1999, 1, 1, tzinfo=UTC))
    (batch,) = batches(tmp_path / "daily_bars")
    assert batch.name.startswith("20200103T235959")
