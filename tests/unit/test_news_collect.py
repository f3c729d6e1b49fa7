"""Sources, folders and landing: nothing good is lost, nothing bad gets in."""

import os
import subprocess
import sys
import types
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from orchestration import landing
from orchestration.defs.news import assets, collect, sources
from orchestration.defs.news.article import Article, Rejected, stable_id
from orchestration.defs.news.collect import land_articles, news_sources
from orchestration.defs.news.folder import read_folder
from orchestration.defs.news.landed import as_table, schema, version_of
from orchestration.defs.news.sources import inbox
from orchestration.settings import ROOT, Settings, load_settings

NOW = datetime(2025, 2, 1, tzinfo=UTC)
EIGHT_COLUMNS = (
    "article_id",
    "publisher",
    "language",
    "published_at",
    "url",
    "title",
    "body",
    "article_hash",
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """No digests recorded, an empty inbox."""
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AFTERSHOCK_RECORDED_DIR", str(tmp_path / "recorded"))
    (tmp_path / "data" / "inbox").mkdir(parents=True)
    (tmp_path / "recorded" / "news").mkdir(parents=True)
    return load_settings()


def article_text(article_id: str = "a", body: str = "Text.", published: str = "2025-01-27") -> str:
    return (
        f"---\narticle_id: {article_id}\npublisher: P\nlanguage: en\n"
        f"published_at: {published}T12:00:00Z\ntitle: <b>T</b>\n---\n{body}\n"
    )


def drop(settings: Settings, name: str, text: str) -> Path:
    path = settings.inbox_dir / name
    path.write_text(text)
    return path


def fail(warning: str) -> None:
    pytest.fail(f"nothing should be warned of: {warning}")


def land(
    settings: Settings, now: datetime = NOW, warn: Callable[[str], None] = fail
) -> tuple[list[str], int, list[Rejected]]:
    found = land_articles(settings, news_sources(), now, warn)
    return [article.article_id for article in found.new_articles], found.known, found.rejected


def landed(settings: Settings) -> list[dict]:
    batches = landing.batches(settings.landing_dir / "articles")
    return [row for batch in batches for row in pq.read_table(batch).to_pylist()]


def test_the_sources_are_the_modules_of_the_folder() -> None:
    assert list(news_sources()) == ["feeds", "inbox", "recorded", "yahoo_news"]


def test_a_new_module_is_a_new_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wire.py").write_text("def articles(settings):\n    return ['one']\n")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    found = news_sources()
    assert list(found) == ["feeds", "inbox", "recorded", "wire", "yahoo_news"]
    assert found["wire"](None) == ["one"]
    monkeypatch.delitem(sys.modules, f"{sources.__name__}.wire")


def test_an_article_lands_once_with_its_columns(settings: Settings) -> None:
    drop(settings, "one.md", article_text())
    assert land(settings) == (["a"], 0, [])
    assert land(settings, NOW + timedelta(hours=1)) == ([], 1, [])
    (row,) = landed(settings)
    assert len(row.pop("article_hash")) == len(row.pop("text_hash")) == 16
    assert len(row.pop("fingerprint")) == 60
    assert row == {
        "article_id": "a",
        "publisher": "P",
        "language": "en",
        "published_at": datetime(2025, 1, 27, 12, tzinfo=UTC),
        "url": None,
        "title": "<b>T</b>",
        "body": "Text.",
        "stated_language": "en",
        "detected_language": None,
        "published_at_source": "stated",
        "published_at_note": None,
        "canonical_url": None,
        "derived_fields": "",
        "fetched_at": NOW,
        "provider": "inbox",
    }


def test_a_changed_article_lands_as_another_version_and_so_does_going_back(
    settings: Settings,
) -> None:
    for hour, body in enumerate(["First.", "Second.", "First."]):
        drop(settings, "one.md", article_text(body=body))
        assert land(settings, NOW + timedelta(hours=hour)) == (["a"], 0, [])
    assert [row["body"] for row in landed(settings)] == ["First.", "Second.", "First."]


def test_each_source_lands_its_own_batch(settings: Settings) -> None:
    drop(settings, "one.txt", article_text("a"))
    (settings.recorded_dir / "news" / "two.md").write_text(article_text("b"))
    assert land(settings) == (["a", "b"], 0, [])
    assert {row["article_id"]: row["provider"] for row in landed(settings)} == {
        "a": "inbox",
        "b": "recorded",
    }


def test_without_articles_an_empty_typed_batch_lands_once(settings: Settings) -> None:
    settings.inbox_dir.rmdir()
    assert land(settings) == ([], 0, [])
    assert land(settings, NOW + timedelta(hours=1)) == ([], 0, [])
    (batch,) = landing.batches(settings.landing_dir / "articles")
    empty = pq.read_table(batch)
    assert empty.num_rows == 0
    (settings.recorded_dir / "news" / "one.md").write_text(article_text())
    land(settings, NOW + timedelta(hours=2))
    assert pq.read_table(landing.batches(batch.parent)[-1]).schema == empty.schema


def test_bad_files_are_named_and_lose_no_other(settings: Settings) -> None:
    drop(settings, "1-front.md", "---\nnever closed")
    drop(settings, "2-date.md", article_text(published="27 January"))
    (settings.inbox_dir / "3-latin.md").write_bytes(article_text().encode() + b"\xe9")
    (settings.inbox_dir / "4-binary.txt").write_bytes(article_text().encode() + b"\0")
    drop(settings, "5-large.md", "x" * 10_000_000)
    drop(settings, "6-number.txt", "17 %")
    drop(settings, "7-page.pdf", article_text("page"))
    drop(settings, "8-good.md", article_text("good"))
    (settings.inbox_dir / "9-folder.md").mkdir()
    drop(settings, ".hidden.md", "an editor's own file")
    new, known, rejected = land(settings)
    assert (new, known) == (["good"], 0)
    expected = {
        "inbox: 1-front.md": "no front matter",
        "inbox: 2-date.md": "published_at",
        "inbox: 3-latin.md": "not UTF-8",
        "inbox: 4-binary.txt": "binary",
        "inbox: 5-large.md": "larger than",
        f"inbox: {stable_id('inbox', '6-number.txt')}": "too little text to tell its language",
        "inbox: 7-page.pdf": "must end in .json, .eml, .html, .htm, .md or .txt",
        "inbox: 9-folder.md": "not a plain file",
    }
    reasons = {item.name: item.reason for item in rejected}
    assert reasons.keys() == expected.keys()
    for name, part in expected.items():
        assert part in reasons[name]


def test_a_stamp_from_the_future_gives_way_to_the_first_sight_and_is_named(
    settings: Settings,
) -> None:
    drop(settings, "one.md", article_text("a", published="2025-02-02"))
    drop(settings, "two.md", article_text("b", published="2025-02-01"))
    noon = NOW.replace(hour=12)
    assert land(settings, noon) == (["a", "b"], 0, [])
    assert land(settings, noon + timedelta(days=3)) == ([], 2, []), "time passing is no change"
    future, now = landed(settings)
    assert (future["published_at"], future["published_at_source"]) == (noon, "first_seen")
    assert future["published_at_note"] == "stated_after_first_sight 2025-02-02T12:00:00Z"
    assert (now["published_at"], now["published_at_note"]) == (noon, None)


def test_without_a_stamp_every_version_counts_from_the_first_sight(settings: Settings) -> None:
    for hour, word in enumerate(["fell", "rose"]):
        drop(settings, "one.txt", f"Nvidia news\nShares of the chip maker {word} on Monday.")
        land(settings, NOW + timedelta(hours=hour))
    assert [(row["published_at"], row["published_at_source"]) for row in landed(settings)] == [
        (NOW, "first_seen"),
        (NOW, "first_seen"),
    ]


def test_a_stamp_that_was_moved_after_the_first_sight_is_noted(settings: Settings) -> None:
    for day in (1, 3):
        drop(settings, "one.md", article_text(body=f"Version {day}.", published=f"2025-02-0{day}"))
        land(settings, NOW.replace(day=day, hour=13))
    first, second = landed(settings)
    assert first["published_at_note"] is None
    assert second["published_at"] == NOW.replace(day=3, hour=12)
    assert second["published_at_note"] == "after_first_sight 2025-02-01T13:00:00Z"


def test_two_versions_in_one_batch_keep_the_first_and_name_the_other(settings: Settings) -> None:
    drop(settings, "one.md", article_text("a", "First."))
    drop(settings, "two.md", article_text("a", "Second."))
    drop(settings, "three.md", article_text("a", "First."))
    new, _, rejected = land(settings)
    assert new == ["a"]
    assert rejected == [
        Rejected("inbox: a", "another version of it was read from inbox before; remove one")
    ]
    assert [row["body"] for row in landed(settings)] == ["First."]


def test_the_inbox_comes_before_the_recorded_digests(settings: Settings) -> None:
    (settings.recorded_dir / "news" / "one.md").write_text(article_text("a", "Recorded."))
    land(settings)
    drop(settings, "one.md", article_text("a", "Mended by a person."))
    assert land(settings, NOW + timedelta(hours=1))[0] == ["a"]
    new, known, rejected = land(settings, NOW + timedelta(hours=2))
    assert (new, known) == ([], 1), "the two versions do not take turns"
    assert rejected[0].name == "recorded: a"


def test_links_that_lead_outside_are_refused_and_inner_ones_read(settings: Settings) -> None:
    outside = settings.data_dir / "secret.md"
    outside.write_text(article_text("secret"))
    inside = drop(settings, "one.md", article_text("a"))
    (settings.inbox_dir / "out.md").symlink_to(outside)
    (settings.inbox_dir / "in.md").symlink_to(inside)
    (settings.inbox_dir / "loop.md").symlink_to(settings.inbox_dir / "loop.md")
    (settings.inbox_dir / "lost.md").symlink_to(settings.inbox_dir / "absent.md")
    new, _, rejected = land(settings)
    assert new == ["a"]
    reasons = {item.name: item.reason for item in rejected}
    assert reasons.keys() == {"inbox: out.md", "inbox: loop.md", "inbox: lost.md"}
    assert reasons["inbox: out.md"] == "a link that leads out of the folder"
    assert "symbolic links" in reasons["inbox: loop.md"]
    assert "No such file" in reasons["inbox: lost.md"]


def test_a_pipe_does_not_block_the_reader(settings: Settings) -> None:
    os.mkfifo(settings.inbox_dir / "pipe.md")
    assert land(settings)[2] == [Rejected("inbox: pipe.md", "not a plain file")]


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("")
    (found,) = read_folder(tmp_path, inbox.readers())
    assert isinstance(found, Rejected)
    assert found.name == r"caf\xe9.md"


def test_a_source_that_cannot_be_reached_is_named_and_loses_no_other(settings: Settings) -> None:
    drop(settings, "one.md", article_text("a"))
    (settings.recorded_dir / "news").rmdir()
    new, _, rejected = land(settings)
    assert new == ["a"]
    assert rejected[0].name == "recorded"
    assert "the source cannot be read" in rejected[0].reason


def test_an_article_of_a_batch_cut_short_lands_again(settings: Settings) -> None:
    drop(settings, "one.md", article_text())
    land(settings)
    (batch,) = landing.batches(settings.landing_dir / "articles")
    batch.write_bytes(batch.read_bytes()[:200])
    warnings: list[str] = []
    assert land(settings, NOW + timedelta(hours=1), warnings.append) == (["a"], 0, [])
    assert batch.name in warnings[0]
    assert [path.name for path in (settings.data_dir / "quarantine").iterdir()] == [
        f"articles-{batch.name}"
    ]


def test_nothing_new_imports_nothing_heavy(settings: Settings) -> None:
    drop(settings, "one.md", article_text())
    land(settings)
    code = (
        "import sys, datetime;"
        "heavy = {'pandas', 'httpx', 'lxml', 'py3langid', 'feedparser', 'yfinance'};"
        "from orchestration.settings import load_settings;"
        "from orchestration.defs.news.collect import land_articles, news_sources;"
        "now = datetime.datetime(2025, 2, 2, tzinfo=datetime.UTC);"
        "found = land_articles(load_settings(), news_sources(), now, print);"
        "sys.exit(found.known != 1 or bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_check_passes_and_then_warns_by_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(settings, "one.md", article_text())
    result = dg.materialize([assets.articles])
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("every_article_readable", True)
    drop(settings, "bad<b>.md", "---\nno end")
    result = dg.materialize([assets.articles])
    (check,) = result.get_asset_check_evaluations()
    assert result.success, "a bad file is a warning, not a failure"
    assert check.passed is False
    assert check.severity == dg.AssetCheckSeverity.WARN
    (record,) = check.metadata["rejections"].records
    assert record.data["name"] == "inbox: bad<b>.md"
    assert "no front matter" in record.data["reason"]
    assert isinstance(check.metadata["rejections"], dg.TableMetadataValue), "which shows no markup"
    (event,) = result.asset_materializations_for_node("landing__articles")
    counts = {key: event.metadata[key].value for key in ("new", "known", "rejected")}
    assert counts == {"new": 0, "known": 1, "rejected": 1}


def test_a_source_is_handed_the_settings_and_keeps_its_order(settings: Settings) -> None:
    one, two = (Article(name, "P", "en", NOW, None, "T", "B") for name in ("one", "two"))
    wire = types.SimpleNamespace(articles=lambda given: [two, one] if given is settings else [])
    known = {"one": collect.Known(one.article_hash, NOW)}
    found = collect.collect(settings, {"wire": wire.articles}, known, NOW)
    assert ([each.article_id for each in found.new["wire"]], found.known) == (["two"], 1)
    assert found.rejected == []


def test_batches_of_an_earlier_version_stay_readable(settings: Settings) -> None:
    """What 0.1.0 landed has eight columns; later readers find all of them, and null in the rest."""
    import duckdb

    folder = settings.landing_dir / "articles"
    old = as_table([version_of(Article("a", "P", "en", NOW, None, "T", "B"), NOW, NOW)])
    names = schema().names
    assert names[:8] == [*EIGHT_COLUMNS]
    landing.land(folder, old.select(EIGHT_COLUMNS), provider="inbox", fetched_at=NOW)
    assert land(settings, NOW + timedelta(hours=1)) == ([], 0, [])
    relation = f"read_parquet('{folder}/*.parquet', union_by_name = true)"
    with duckdb.connect() as connection:
        rows = connection.execute(f"select {', '.join(names)} from {relation}").fetchall()
    assert [row[:2] for row in rows] == [("a", "P")]
    assert rows[0][8:] == (None,) * 8
    assert land(settings, NOW + timedelta(hours=2)) == ([], 0, []), "the empty batch lands once"
    assert len(landing.batches(folder)) == 2
