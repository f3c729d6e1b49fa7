"""Landing claims: each article version once per extractor, whatever happens in between."""

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from orchestration import landing
from orchestration.defs.claims import landed
from orchestration.defs.claims.assets import claims as claims_asset
from orchestration.defs.claims.landed import MissingInputError, Reading, land_claims
from orchestration.defs.claims.language import LANGUAGES_DIR
from orchestration.defs.news.article import Article
from orchestration.defs.news.landed import as_table, version_of
from orchestration.defs.reference.assets import land_reference
from orchestration.settings import ROOT, Settings, load_settings

NOW = datetime(2025, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(article_id: str, body: str, language: str = "en") -> Article:
    return Article(article_id, "A paper", language, NOW - HOUR, None, "A title", body)


def fail(warning: str) -> None:
    pytest.fail(f"nothing should be warned of: {warning}")


def land(settings: Settings, *articles: Article, at: datetime = NOW) -> None:
    folder = settings.landing_dir / "articles"
    versions = [version_of(article, at, at) for article in articles]
    landing.land(folder, as_table(versions), provider="inbox", fetched_at=at)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "reference")
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AFTERSHOCK_REFERENCE_DIR", str(tmp_path / "reference"))
    found = load_settings()
    land_reference(found, landed.TABLES, NOW, fail)
    land(found, article("a", "Nvidia fell 17%. Apple rose 3%."), article("b", "Nothing moved."))
    return found


def rows(settings: Settings, name: str) -> list[dict[str, object]]:
    found = []
    for batch in landing.batches(settings.landing_dir / name):
        found += pq.read_table(batch).to_pylist()
    return found


def read(settings: Settings, hours: int = 0) -> Reading:
    return land_claims(settings, NOW + hours * HOUR, fail)


def test_each_version_is_read_once(settings: Settings) -> None:
    first = read(settings)
    assert [(note["article_id"], note["claims"], note["outcome"]) for note in first.notes] == [
        ("a", 2, "read"),
        ("b", 0, "read"),
    ]
    again = read(settings, 1)
    assert (again.notes, again.claims, again.known) == ([], [], 2)
    land(settings, article("a", "Nvidia fell 18%."), at=NOW + HOUR)
    changed = read(settings, 2)
    assert [(row["article_id"], row["stated_value"]) for row in changed.claims] == [("a", "18")]
    assert len(rows(settings, "claim_extractions")) == 3


def test_a_landed_claim_has_its_columns(settings: Settings) -> None:
    read(settings)
    row = rows(settings, "extracted_claims")[0]
    assert row["claim_index"] == 0
    assert (row["subject"], row["symbol"], row["direction"]) == ("Nvidia", "NVDA", "down")
    assert (row["stated_value"], row["scale"], row["unit"]) == ("17", 1.0, "percent")
    assert (row["part"], row["span_start"], row["span_end"]) == ("body", 7, 15)
    assert (row["language"], row["provider"], row["fetched_at"]) == ("en", "extractor", NOW)
    note = rows(settings, "claim_extractions")[0]
    assert note["extractor_version"] == row["extractor_version"]
    assert note["fetched_at"] == row["fetched_at"]


def test_a_run_killed_between_the_batches_is_healed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(folder: Path, *arguments: object, **named: object) -> Path:
        if folder.name == "claim_extractions":
            raise KeyboardInterrupt
        return original(folder, *arguments, **named)  # type: ignore[arg-type]

    original = landing.land
    with monkeypatch.context() as patch:
        patch.setattr(landing, "land", killed)
        with pytest.raises(KeyboardInterrupt):
            read(settings)
    assert rows(settings, "claim_extractions") == []
    assert len(read(settings, 1).notes) == 2
    assert read(settings, 2).notes == []
    found = rows(settings, "extracted_claims")
    newest = {(row["article_id"], row["claim_index"]): row for row in found}
    assert len(found) == 4, "the copies stay, for landing is append-only"
    assert len(newest) == 2, "and staging keeps the newest of each"


def test_claims_lost_with_a_damaged_file_are_read_again(settings: Settings) -> None:
    read(settings)
    (batch,) = landing.batches(settings.landing_dir / "extracted_claims")
    batch.write_bytes(batch.read_bytes()[:100])
    warned: list[str] = []
    healed = land_claims(settings, NOW + HOUR, warned.append)
    assert [note["article_id"] for note in healed.notes] == ["a"]
    assert len(warned) == 1


def test_another_extractor_reads_all_again(settings: Settings, tmp_path: Path) -> None:
    first = read(settings)
    folder = tmp_path / "languages"
    shutil.copytree(LANGUAGES_DIR, folder)
    (folder / "en.toml").write_text((folder / "en.toml").read_text() + "# another reading\n")
    other = land_claims(settings, NOW + HOUR, fail, folder)
    assert other.version != first.version
    assert len(other.notes) == 2
    back = read(settings, 2)
    assert (back.version, len(back.notes)) == (first.version, 2), "its reading is not the last"


def test_another_alias_table_is_another_extractor(settings: Settings) -> None:
    first = read(settings)
    path = settings.reference_dir / "subject_aliases.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(
            ["Nvda Inc", "", "Nvidia", "NVDA", "company"]
        )
    land_reference(settings, ["subject_aliases"], NOW + HOUR, fail)
    assert read(settings, 1).version != first.version


def test_an_article_without_a_language_file_is_noted(settings: Settings) -> None:
    land(settings, article("c", "Nvidia spadla o 17 %.", "cs"), at=NOW + HOUR)
    notes = {note["article_id"]: note for note in read(settings, 1).notes}
    assert notes["c"]["outcome"] == "no_language_file"
    assert (notes["c"]["language"], notes["c"]["claims"]) == (None, 0)
    assert notes["a"]["claims"] == 2
    assert read(settings, 2).notes == []


def test_without_inputs_there_is_one_clear_error(settings: Settings) -> None:
    shutil.rmtree(settings.landing_dir / "subject_aliases")
    with pytest.raises(MissingInputError, match="landing/subject_aliases is empty"):
        read(settings)


def test_nothing_to_read_lands_the_columns(settings: Settings) -> None:
    shutil.rmtree(settings.landing_dir / "articles")
    land(settings)
    read(settings)
    for name in ("extracted_claims", "claim_extractions"):
        (batch,) = landing.batches(settings.landing_dir / name)
        assert "article_id" in pq.read_schema(batch).names


def test_the_assets_show_what_was_read(settings: Settings) -> None:
    land(settings, article("c", "Nvidia spadla o 17 %.", "cs"), at=NOW + HOUR)
    result = dg.materialize([claims_asset], instance=dg.DagsterInstance.ephemeral())
    assert result.success
    shown = {
        event.asset_key.path[-1]: event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    assert shown["extracted_claims"]["new"].value == 2
    assert shown["claim_extractions"]["without_language_file"].value == 1
    assert len(shown["extracted_claims"]["new_claims"].value.records) == 2


def test_a_language_file_with_a_fault_stops_the_step(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "xx.toml").write_text("language = 1")
    monkeypatch.setattr(landed, "LANGUAGES_DIR", tmp_path)
    monkeypatch.setattr(land_claims, "__defaults__", (tmp_path,))
    result = dg.materialize(
        [claims_asset], instance=dg.DagsterInstance.ephemeral(), raise_on_error=False
    )
    assert not result.success
