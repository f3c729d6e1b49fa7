"""Landing: whole files or none, named by content, never edited."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration import landing

NOW = datetime(2025, 1, 27, 21, 30, tzinfo=UTC)
ROWS = pa.table({"symbol": ["NVDA", "AAPL"], "close": [118.42, 229.86]})


def test_a_batch_carries_its_stamp_provider_and_hash(tmp_path: Path) -> None:
    batch = landing.land(tmp_path / "daily_bars", ROWS, provider="recorded", fetched_at=NOW)
    table = pq.read_table(batch)
    assert table["fetched_at"].to_pylist() == [NOW, NOW]
    assert table["provider"].to_pylist() == ["recorded", "recorded"]
    assert batch.name == f"20250127T213000000000Z-recorded-{landing.content_hash(ROWS)}.parquet"
    assert table.schema.metadata[b"content_hash"].decode() == landing.hash_of(batch)


def test_the_stamp_is_utc_whatever_the_zone(tmp_path: Path) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-5)))
    batch = landing.land(tmp_path, ROWS, provider="recorded", fetched_at=local)
    assert batch.name.startswith("20250127T213000")


def test_a_stamp_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(landing.LandingError, match="no time zone"):
        landing.land(tmp_path, ROWS, provider="x", fetched_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "other",
    [
        pa.table({"symbol": ["NVDA", "AAPL"], "close": [118.42, 229.87]}),
        pa.table({"symbol": ["AAPL", "NVDA"], "close": [229.86, 118.42]}),
        pa.table({"symbol": ["NVDA", "AAPL"], "low": [118.42, 229.86]}),
        ROWS.slice(0, 1),
    ],
)
def test_the_hash_tells_other_content_apart(other: pa.Table) -> None:
    assert landing.content_hash(other) != landing.content_hash(ROWS)


def test_the_hash_does_not_depend_on_chunks_or_metadata() -> None:
    chunked = pa.concat_tables([ROWS.slice(0, 1), ROWS.slice(1)])
    described = ROWS.replace_schema_metadata({"made": "elsewhere"})
    assert landing.content_hash(chunked) == landing.content_hash(ROWS)
    assert landing.content_hash(described) == landing.content_hash(ROWS)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(landing.LandingError, match=f"in {tmp_path}: .*No space left.*Make room"):
        landing.land(tmp_path, ROWS, provider="recorded", fetched_at=NOW)
    assert list(tmp_path.iterdir()) == []


def test_batches_are_oldest_first_and_skip_temporary_files(tmp_path: Path) -> None:
    later = landing.land(tmp_path, ROWS, provider="a", fetched_at=NOW + timedelta(seconds=1))
    earlier = landing.land(tmp_path, ROWS, provider="b", fetched_at=NOW)
    (tmp_path / ".half.parquet.1.tmp").write_bytes(b"PAR1")
    assert landing.batches(tmp_path) == [earlier, later]
    assert landing.batches(tmp_path / "absent") == []


@pytest.mark.parametrize("kept", [0, 3, 500])
def test_a_damaged_file_is_set_aside_and_the_others_stay(tmp_path: Path, kept: int) -> None:
    folder = tmp_path / "daily_bars"
    good = landing.land(folder, ROWS, provider="good", fetched_at=NOW)
    bad = landing.land(folder, ROWS, provider="bad", fetched_at=NOW)
    bad.write_bytes(bad.read_bytes()[:kept])
    (folder / f".{good.name}.999999999.tmp").touch()
    being_written = folder / f".{good.name}.{os.getpid()}.tmp"
    being_written.touch()
    (moved,) = landing.set_aside_damaged(folder, tmp_path / "quarantine")
    assert moved == tmp_path / "quarantine" / f"daily_bars-{bad.name}"
    assert set(folder.iterdir()) == {good, being_written}
    assert landing.set_aside_damaged(folder, tmp_path / "quarantine") == []
