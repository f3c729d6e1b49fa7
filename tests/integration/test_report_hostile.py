"""The report of a publication whose texts are an attack: inert in its bytes and in a browser."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.publishing.publication import Publication
from orchestration.defs.report.site import write_site
from tests.report_pages import read_pages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

SCRIPT = "<script>document.title='owned'</script>"
HOSTILE = {
    "title": f"{SCRIPT}<img src=x onerror=\"document.title='owned'\"> [c](javascript:x()) \u202e",
    "publisher": "\"'><svg onload=alert(1)>{{ 7 * 7 }}</title>",
    "url": "javascript:alert(document.domain)",
}


@pytest.fixture(scope="module")
def hostile(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a publication whose texts from outside are an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(publication.database, folder / "marts.duckdb")
    (folder / "marts.duckdb").chmod(0o644)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute(
            "update articles set title = $title, publisher = $publisher, url = $url "
            "where article_id = 'trends-2025-01-28'",
            HOSTILE,
        )
        connection.execute(
            "update articles set article_id = '../../escaped' "
            "where article_id = 'economist-2025-01-27'"
        )
        connection.execute("update claim_verdicts set subject = ?, explanation = ?", [SCRIPT] * 2)
        connection.execute("update events set name = ?, source = ?", [SCRIPT, HOSTILE["url"]])
        connection.execute("update instruments set name = ?", [f"$x$ {SCRIPT}"])
    site = folder / "site"
    site.mkdir()
    write_site(replace(publication, folder=folder), site)
    return site


def test_text_from_outside_is_inert(hostile: Path) -> None:
    pages = read_pages(hostile)
    assert not [
        path for path in hostile.parent.iterdir() if path.name not in {"site", "marts.duckdb"}
    ]
    for name, page in pages.items():
        assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe"}), name
        for _, attributes in page.tags:
            assert not [each for each in attributes if each.startswith("on")], attributes
            assert not (attributes.get("href") or "").startswith("javascript"), attributes
    article = pages["articles/trends-2025-01-28.html"]
    assert HOSTILE["title"] in article.text
    assert HOSTILE["publisher"] in article.text
    assert SCRIPT in pages["events/deepseek-2025-01.html"].text


def _browse(page: Path, profile: Path) -> tuple[str, list[str]]:
    """Return a page as Chromium holds it when it has loaded, and what its console said."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            f"--user-data-dir={profile}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "</html>" in done.stdout, done.stderr
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_hostile_pages_without_an_error(hostile: Path, tmp_path: Path) -> None:
    for file in ("index.html", "articles/trends-2025-01-28.html", "events/deepseek-2025-01.html"):
        page, console = _browse(hostile / file, tmp_path / "profile")
        assert console == []
        assert "<title>owned" not in page
        assert "<script" not in page
    # the console is where a broken policy would show
    text = (hostile / "index.html").read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace("<style>", "<style> "), encoding="utf-8")
    assert "Content Security Policy" in " ".join(_browse(broken, tmp_path / "profile")[1])
