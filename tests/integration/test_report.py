"""The report that the scheduled job writes: complete, alone, inert, and equal to the marts."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.defs.publishing.publication import Publication, current
from orchestration.defs.report.room import MOST_BYTES
from orchestration.defs.report.site import write_site
from tests.conftest import Deployment, Finished

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

SCRIPT = "<script>document.title='owned'</script>"
HOSTILE = {
    "title": f"{SCRIPT}<img src=x onerror=\"document.title='owned'\"> [c](javascript:x()) \u202e",
    "publisher": "\"'><svg onload=alert(1)>{{ 7 * 7 }}</title>",
    "url": "javascript:alert(document.domain)",
}


class Page(HTMLParser):
    """What a browser would find in a page, without running it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.numbers: list[tuple[str, str]] = []
        self.text = ""
        self._number: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"] or ""] if "id" in attributes else []
        self._number = attributes["value"] if tag == "data" else self._number

    def handle_endtag(self, tag: str) -> None:
        self._number = None if tag == "data" else self._number

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._number is not None:
            self.numbers.append((self._number, data))

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            found[attribute] or ""
            for name, found in self.tags
            if name == tag and attribute in found
        ]


def _pages(site: Path) -> dict[str, Page]:
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def _files(site: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(site)): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def publication(first_run: tuple[Deployment, Finished]) -> Publication:
    found = current(first_run[0].data_dir / "published")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def site(first_run: tuple[Deployment, Finished]) -> Path:
    return (first_run[0].data_dir / "published" / "report").resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return _pages(site)


@pytest.fixture(scope="module")
def marts(publication: Publication) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(publication.database), read_only=True) as connection:
        yield connection


def _column(marts: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> list[Any]:
    return [value for (value,) in marts.execute(sql, parameters).fetchall()]


def test_every_article_and_event_has_its_page(
    pages: dict[str, Page], marts: duckdb.DuckDBPyConnection
) -> None:
    articles = _column(marts, "select article_id from articles")
    events = _column(marts, "select event_id from events")
    assert set(pages) == {
        "index.html",
        "articles.html",
        "quality.html",
        *(f"articles/{name}.html" for name in articles),
        *(f"events/{name}.html" for name in events),
    }
    for name in [
        *(f"articles/{each}" for each in articles),
        *(f"events/{each}" for each in events),
    ]:
        assert f"{name}.html" in pages["index.html"].values("a", "href")


def test_every_internal_link_leads_somewhere(pages: dict[str, Page], site: Path) -> None:
    for name, page in pages.items():
        for target in page.values("a", "href"):
            if target.startswith(("http://", "https://")):
                continue
            file, _, fragment = target.partition("#")
            place = ((site / name).parent / file).resolve() if file else site / name
            assert place.is_relative_to(site), target
            if target.endswith(".md"):
                assert place.is_file(), target
                continue
            linked = pages[place.relative_to(site).as_posix()]
            assert not fragment or fragment in linked.ids, target


def test_an_article_hands_on_its_evidence_card(
    pages: dict[str, Page], site: Path, publication: Publication
) -> None:
    cards = sorted((publication.folder / "evidence").glob("*.md"))
    assert len(cards) == 3
    for card in cards:
        name = f"evidence/{card.name}"
        assert (site / name).read_bytes() == card.read_bytes()
        assert f"../{name}" in pages[f"articles/{card.stem}.html"].values("a", "href")


def test_no_page_has_an_id_twice(pages: dict[str, Page]) -> None:
    assert len(pages["events/deepseek-2025-01.html"].ids) > 20
    for page in pages.values():
        assert len(page.ids) == len(set(page.ids))


def test_no_page_needs_another_file_or_host(pages: dict[str, Page], site: Path) -> None:
    for name, page in pages.items():
        tags = {tag for tag, _ in page.tags}
        assert tags.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "base"}), name
        for tag, attributes in page.tags:
            assert not [each for each in attributes if each.startswith("on") or each == "style"]
            if tag != "a":
                for reference in ("src", "href"):
                    assert (attributes.get(reference) or "#").startswith(("#", "data:,")), (
                        attributes
                    )
            elif "//" in (attributes["href"] or ""):
                assert "noopener" in (attributes.get("rel") or ""), attributes
        style = re.findall(r"<style>(.*?)</style>", (site / name).read_text(encoding="utf-8"), re.S)
        assert len(style) == 1
        assert "url(" not in style[0]
        assert "@import" not in style[0]


def test_the_policy_allows_the_style_of_the_page_and_nothing_else(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        style = re.findall(r"<style>(.*?)</style>", text, re.S)[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = Page(text).values("meta", "content")[0]
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        assert text.index("Content-Security-Policy") < text.index("<title>")


def test_the_site_is_small(site: Path) -> None:
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < MOST_BYTES


def test_every_page_says_its_version_and_how_far_the_data_reach(
    pages: dict[str, Page], publication: Publication
) -> None:
    for page in pages.values():
        assert publication.version in page.text
        for mic, day in publication.facts.data_as_of.items():
            assert f"{mic} {day}" in page.text


def test_the_same_publication_gives_the_same_bytes(
    publication: Publication, site: Path, tmp_path: Path
) -> None:
    assert write_site(publication, tmp_path) == len(list(site.rglob("*.html")))
    assert _files(tmp_path) == _files(site)


def test_every_number_is_a_value_of_the_marts(
    pages: dict[str, Page], marts: duckdb.DuckDBPyConnection
) -> None:
    known: set[str] = set()
    for table in _column(marts, "select table_name from duckdb_tables()"):
        if table != "trading_sessions":
            for row in marts.execute(f'from "{table}"').fetchall():
                known.update(str(value) for value in row if isinstance(value, int | float))
    counted = {
        str(count)
        for sql in (
            "select count(*) from claim_verdicts group by verdict, claim_source",
            "select count(*) from price_incidents where is_quarantined group by symbol",
            "select count(*) from price_incidents where corrected_close is null group by reason",
        )
        for count in _column(marts, sql)
    } | {"0"}
    behind = _column(
        marts,
        """
        select count(*) from trading_sessions as sessions, publish_meta as meta
        where meta.item = 'exchange' and sessions.mic = meta.name
            and sessions.session_date > meta.data_as_of and sessions.closes_at <= meta.published_at
        group by meta.name
        """,
    )
    counted |= {str(count) for count in behind}
    shown = [number for page in pages.values() for number in page.numbers]
    assert len(shown) > 2_000
    assert {value for value, _ in shown} - known - counted == set()


SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6}


def test_what_is_printed_is_the_value_rounded(pages: dict[str, Page]) -> None:
    for page in pages.values():
        for value, text in page.numbers:
            if text.startswith("<"):
                assert float(value) < 0.0001
                continue
            found = re.search(r"[\d,]+(\.\d+)?", text)
            assert found, text
            scale = next((size for word, size in SCALES.items() if word in text), 1)
            scale = 0.01 if text.endswith("%") and "." not in text else scale
            digits = len((found[1] or ".")[1:])
            printed = float(found[0].replace(",", "")) * scale
            assert printed == pytest.approx(abs(float(value)), abs=0.5001 * scale * 10**-digits), (
                text
            )


def test_an_article_shows_each_of_its_figures(site: Path, marts: duckdb.DuckDBPyConnection) -> None:
    claims = marts.execute(
        """
        select article_id, claim_id, verdict, explanation, derived_close_value, basis, derived_value
        from claim_verdicts where article_id in (select article_id from articles)
        """
    ).fetchall()
    assert len(claims) >= 36
    for article, claim, verdict, explanation, *values in claims:
        text = (site / "articles" / f"{article}.html").read_text(encoding="utf-8")
        anchor = re.sub(r"[^A-Za-z0-9_-]+", "-", claim)
        section = text[text.index(f'id="{anchor}"') :].split("</section>")[0]
        shown = Page(section)
        assert f'class="chip {verdict}"' in section
        assert explanation in shown.text
        at_close, basis, derived = values
        numbers = {value for value, _ in shown.numbers}
        assert at_close is None or str(at_close) in numbers
        assert derived is None or basis == "close_to_close" or str(derived) in numbers


def test_the_bar_of_a_claim_is_drawn_with_its_four_prices(
    site: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    ((high, opened, close, low),) = marts.execute(
        "select high, open, close, low from daily_returns "
        "where symbol = 'NVDA' and session_date = '2025-01-27'"
    ).fetchall()
    text = (site / "articles" / "trends-2025-01-28.html").read_text(encoding="utf-8")
    section = text[text.index('id="documented-trends-nvda"') :].split("</section>")[0]
    for name, price in (("high", high), ("open", opened), ("close", close), ("low", low)):
        assert f"{name} {price:.2f}</text>" in section
    assert 'class="claimed"' in section


def test_an_event_shows_moves_bands_tests_curve_and_day_0(
    pages: dict[str, Page], marts: duckdb.DuckDBPyConnection
) -> None:
    page = pages["events/deepseek-2025-01.html"]
    numbers = {value for value, _ in page.numbers}
    for sql in (
        "select abnormal_return_pct from event_window_returns where model = 'market_model'",
        "select cumulative_abnormal_return_pct from event_window_returns "
        "where model = 'market_model'",
        "select statistic from event_group_tests where model = 'market_model' and is_named_window",
        "select beta from event_estimations where model = 'market_model'",
        "select share_significant from specification_curve where group_name = 'all'",
    ):
        values = {str(value) for value in _column(marts, sql) if value is not None}
        assert values
        assert values <= numbers, sql
    for reason in _column(marts, "select reason from event_sessions"):
        assert reason in page.text
    labels = page.values("svg", "aria-label")
    studied = len(_column(marts, "select distinct symbol from event_window_returns"))
    assert len([label for label in labels if "95 % confidence" in label]) == studied
    assert len([label for label in labels if label.startswith("specification curve")]) == 4


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
    pages = _pages(hostile)
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
