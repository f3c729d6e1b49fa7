"""The reference tables land once per change, all or none."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from orchestration import landing
from orchestration.defs.reference.assets import land_reference, reference_tables
from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.settings import ROOT, Settings, load_settings

NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    reference = tmp_path / "reference"
    shutil.copytree(ROOT / "data" / "reference", reference)
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AFTERSHOCK_REFERENCE_DIR", str(reference))
    return load_settings()


def fail(warning: str) -> None:
    pytest.fail(f"nothing should be warned of: {warning}")


def new_tables(settings: Settings, now: datetime) -> list[str]:
    return [s.table for s in land_reference(settings, TABLES, now, fail) if s.is_new]


def test_a_snapshot_lands_only_when_the_content_changes(settings: Settings) -> None:
    assert new_tables(settings, NOW) == list(TABLES)
    assert new_tables(settings, NOW + timedelta(hours=1)) == []
    studies = settings.reference_dir / "studies.csv"
    original = studies.read_text()
    studies.write_text(original.replace(",120,", ",100,"))
    assert new_tables(settings, NOW + timedelta(hours=2)) == ["studies"]
    studies.write_text(original)
    assert new_tables(settings, NOW + timedelta(hours=3)) == ["studies"], "going back is a change"
    folder = settings.landing_dir / "studies"
    values = [
        pq.read_table(batch).column("minimum_observations")[0].as_py()
        for batch in landing.batches(folder)
    ]
    assert values == [120, 100, 120]


def test_a_landed_table_is_stamped(settings: Settings) -> None:
    land_reference(settings, ["exchanges"], NOW, fail)
    (batch,) = landing.batches(settings.landing_dir / "exchanges")
    row = pq.read_table(batch).to_pylist()[0]
    assert row["line_number"] == 2
    assert row["provider"] == "reference"
    assert row["fetched_at"] == NOW


def test_one_bad_table_lands_none_and_all_problems_are_told(settings: Settings) -> None:
    for name in ("exchanges", "studies"):
        (settings.reference_dir / f"{name}.csv").write_text("wrong\n")
    with pytest.raises(ReferenceDataError) as caught:
        land_reference(settings, TABLES, NOW, fail)
    assert "exchanges.csv line 1: header 'wrong'" in str(caught.value)
    assert "studies.csv line 1: header 'wrong'" in str(caught.value)
    assert not settings.landing_dir.exists()


def test_a_snapshot_cut_short_is_set_aside_and_landed_again(settings: Settings) -> None:
    land_reference(settings, ["exchanges"], NOW, fail)
    (batch,) = landing.batches(settings.landing_dir / "exchanges")
    batch.write_bytes(batch.read_bytes()[:100])
    warnings: list[str] = []
    later = NOW + timedelta(hours=1)
    (snapshot,) = land_reference(settings, ["exchanges"], later, warnings.append)
    assert "damaged landed file set aside" in warnings[0]
    assert batch.name in warnings[0]
    assert snapshot.is_new
    assert len(list((settings.data_dir / "quarantine").iterdir())) == 1
    (again,) = landing.batches(settings.landing_dir / "exchanges")
    assert pq.read_table(again).num_rows == snapshot.rows


def test_the_asset_lands_every_table(settings: Settings) -> None:
    result = dg.materialize([reference_tables])
    assert result.success
    keys = {key.to_user_string() for key in reference_tables.keys}
    assert keys == {f"landing/{name}" for name in TABLES}
    assert {path.name for path in settings.landing_dir.iterdir()} == set(TABLES)


def test_the_asset_can_land_one_table(settings: Settings) -> None:
    assert dg.materialize([reference_tables], selection=["landing/studies"]).success
    assert [path.name for path in settings.landing_dir.iterdir()] == ["studies"]


def test_the_asset_fails_with_the_place_and_is_not_retried(settings: Settings) -> None:
    (settings.reference_dir / "studies.csv").write_text("wrong\n")
    with pytest.raises(dg.Failure, match=r"studies.csv line 1: header 'wrong'") as caught:
        dg.materialize([reference_tables])
    assert caught.value.allow_retries is False
