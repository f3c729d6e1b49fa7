"""The verdicts' history: what lands of which publication, once and in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.defs.publishing.history import land_published_verdicts, schema
from orchestration.settings import Settings, load_settings

NOW = datetime(2025, 1, 26, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"2025012{day}T210000000000Z-{day:012d}" for day in (7, 8, 9))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"AFTERSHOCK_DATA_DIR": str(tmp_path)})


def publish(settings: Settings, version: str, verdicts: Mapping[str, Any]) -> None:
    """Make a version that holds these verdicts by claim, and make it the current one."""
    rows = [
        {
            "claim_id": claim,
            "symbol": "NVDA",
            "stated_text": "down 17 percent",
            "prices_fetched_at": NOW,
            "explanation": "is not landed",
        }
        | (verdict if isinstance(verdict, dict) else {"verdict": verdict})
        for claim, verdict in verdicts.items()
    ]
    folder = settings.published_dir / "versions" / version / "parquet"
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "claim_verdicts.parquet")
    link = settings.published_dir / "current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / version)


def land(settings: Settings) -> dict[str, int]:
    return land_published_verdicts(settings, NOW, pytest.fail)


def landed(settings: Settings) -> list[tuple[str, str, str]]:
    return [
        (row["version"], row["claim_id"], row["verdict"])
        for batch in sorted((settings.landing_dir / "published_verdicts").glob("*.parquet"))
        for row in pq.read_table(batch).to_pylist()
    ]


def test_before_the_first_publication_the_columns_land(settings: Settings) -> None:
    assert land(settings) == {}
    (batch,) = (settings.landing_dir / "published_verdicts").iterdir()
    table = pq.read_table(batch)
    assert table.num_rows == 0
    assert table.schema.names == [*schema().names, "fetched_at", "provider"]
    publish(settings, FIRST, {"a": "confirmed"})
    assert land(settings) == {FIRST: 1}


def test_only_what_differs_lands_stamped_with_its_publication(settings: Settings) -> None:
    publish(settings, FIRST, {"a": "confirmed", "b": "refuted"})
    assert land(settings) == {FIRST: 2}
    assert land(settings) == {}
    publish(settings, SECOND, {"a": "refuted", "b": "refuted", "c": "confirmed"})
    assert land(settings) == {SECOND: 2}
    assert landed(settings) == [
        (FIRST, "a", "confirmed"),
        (FIRST, "b", "refuted"),
        (SECOND, "a", "refuted"),
        (SECOND, "c", "confirmed"),
    ]
    newest = max((settings.landing_dir / "published_verdicts").iterdir())
    assert set(pq.read_table(newest)["fetched_at"].to_pylist()) == {
        datetime(2025, 1, 28, 21, tzinfo=UTC)
    }


def test_other_evidence_lands_too(settings: Settings) -> None:
    publish(settings, FIRST, {"a": {"verdict": "confirmed", "close": 118.42}})
    land(settings)
    publish(settings, SECOND, {"a": {"verdict": "confirmed", "close": 118.43}})
    assert land(settings) == {SECOND: 1}


def test_publications_that_nobody_landed_yet_land_one_by_one(settings: Settings) -> None:
    for version, verdict in ((FIRST, "confirmed"), (SECOND, "refuted"), (THIRD, "confirmed")):
        publish(settings, version, {"a": verdict})
    assert land(settings) == {FIRST: 1, SECOND: 1, THIRD: 1}
    # an older version that differs from the last word is not landed again
    assert land(settings) == {}


def test_the_same_publications_give_the_same_files(settings: Settings) -> None:
    publish(settings, FIRST, {"b": "confirmed", "a": "refuted"})
    land(settings)
    folder = settings.landing_dir / "published_verdicts"
    (before,) = folder.iterdir()
    content = before.read_bytes()
    before.unlink()
    land(settings)
    (again,) = folder.iterdir()
    assert (again.name, again.read_bytes()) == (before.name, content)


def test_a_version_that_readers_never_saw_does_not_count(settings: Settings) -> None:
    publish(settings, SECOND, {"a": "refuted"})
    publish(settings, FIRST, {"a": "confirmed"})  # the link stayed on the first
    (settings.published_dir / "versions" / ".tmp-1").mkdir()
    assert land(settings) == {FIRST: 1}


def test_what_a_dead_publisher_left_is_no_publication(settings: Settings) -> None:
    publish(settings, ".tmp-as9_tm8m", {"a": "refuted"})
    publish(settings, FIRST, {"a": "confirmed"})
    assert land(settings) == {FIRST: 1}
    assert landed(settings) == [(FIRST, "a", "confirmed")]


def test_a_damaged_batch_is_named_and_set_aside(settings: Settings) -> None:
    publish(settings, FIRST, {"a": "confirmed"})
    land(settings)
    (batch,) = (settings.landing_dir / "published_verdicts").iterdir()
    batch.write_bytes(batch.read_bytes()[:20])
    warnings: list[str] = []
    assert land_published_verdicts(settings, NOW, warnings.append) == {FIRST: 1}
    assert len(warnings) == 1
    assert batch.name in warnings[0]
    assert (settings.quarantine_dir / f"published_verdicts-{batch.name}").exists()
