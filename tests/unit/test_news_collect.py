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
from orchestration.defs.news.article import Article, Rejected
from orchestration.defs.news.collect import land_articles, news_sources
from orchestration.defs.news.folder import read_folder
from orchestration.settings import ROOT, Settings, load_settings

NOW = datetime(2025, 2, 1, tzinfo=UTC)


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
    assert list(news_sources()) == ["inbox", "recorded"]


def test_a_new_module_is_a_new_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wire.py").write_text("def articles(settings):\n    return ['one']\n")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    found = news_sources()
    assert list(found) == ["inbox", "recorded", "wire"]
    assert found["wire"](None) == ["one"]
    monkeypatch.delitem(sys.modules, f"{sources.__name__}.wire")


def test_an_article_lands_once_with_its_columns(settings: Settings) -> None:
    drop(settings, "one.md", article_text())
    assert land(settings) == (["a"], 0, [])
    assert land(settings, NOW + timedelta(hours=1)) == ([], 1, [])
    (row,) = landed(settings)
    assert len(row.pop("article_hash")) == 16
    assert row == {
        "article_id": "a",
        "publisher": "P",
        "language": "en",
        "published_at": datetime(2025, 1, 27, 12, tzinfo=UTC),
        "url": None,
        "title": "<b>T</b>",
        "body": "Text.",
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
    drop(settings, "1-front.md", "no front matter")
    drop(settings, "2-date.md", article_text(published="27 January"))
    (settings.inbox_dir / "3-latin.md").write_bytes(article_text().encode() + b"\xe9")
    (settings.inbox_dir / "4-binary.txt").write_bytes(article_text().encode() + b"\0")
    drop(settings, "5-large.md", article_text() + "x" * 1_000_000)
    drop(settings, "6-future.md", article_text("future", published="2025-02-02"))
    drop(settings, "7-page.html", article_text("page"))
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
        "inbox: future": "lies in the future",
        "inbox: 7-page.html": "must end in .md or .txt",
        "inbox: 9-folder.md": "not a plain file",
    }
    reasons = {item.name: item.reason for item in rejected}
    assert reasons.keys() == expected.keys()
    for name, part in expected.items():
        assert part in reasons[name]


def test_the_moment_of_now_is_not_the_future(settings: Settings) -> None:
    drop(settings, "one.md", article_text(published="2025-02-01"))
    noon = NOW.replace(hour=12)
    assert land(settings, noon - timedelta(microseconds=1))[0] == []
    assert land(settings, noon) == (["a"], 0, [])


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
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("x")
    (found,) = read_folder(tmp_path)
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


def test_nothing_new_imports_no_pandas(settings: Settings) -> None:
    drop(settings, "one.md", article_text())
    land(settings)
    code = (
        "import sys, datetime;"
        "from orchestration.settings import load_settings;"
        "from orchestration.defs.news.collect import land_articles, news_sources;"
        "now = datetime.datetime(2025, 2, 2, tzinfo=datetime.UTC);"
        "found = land_articles(load_settings(), news_sources(), now, print);"
        "sys.exit(found.known != 1 or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_check_passes_and_then_warns_by_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(settings, "one.md", article_text())
    result = dg.materialize([assets.articles])
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("every_article_readable", True)
    drop(settings, "bad.md", "<script>alert(1)</script>")
    result = dg.materialize([assets.articles])
    (check,) = result.get_asset_check_evaluations()
    assert result.success, "a bad file is a warning, not a failure"
    assert check.passed is False
    assert check.severity == dg.AssetCheckSeverity.WARN
    (record,) = check.metadata["rejections"].records
    assert record.data["name"] == "inbox: bad.md"
    assert "no front matter" in record.data["reason"]
    (event,) = result.asset_materializations_for_node("landing__articles")
    counts = {key: event.metadata[key].value for key in ("new", "known", "rejected")}
    assert counts == {"new": 0, "known": 1, "rejected": 1}


def test_a_source_is_handed_the_settings_and_keeps_its_order(settings: Settings) -> None:
    one, two = (Article(name, "P", "en", NOW, None, "T", "B") for name in ("one", "two"))
    wire = types.SimpleNamespace(articles=lambda given: [two, one] if given is settings else [])
    found = collect.collect(settings, {"wire": wire.articles}, {"one": one.article_hash}, NOW)
    assert (found.new, found.known, found.rejected) == ({"wire": [two]}, 1, [])
