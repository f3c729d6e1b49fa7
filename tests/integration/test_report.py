"""The report that the scheduled job writes: complete, alone, and equal to the marts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.defs.publishing.publication import Publication
from orchestration.defs.report.room import MOST_BYTES
from orchestration.defs.report.site import write_site
from tests.conftest import Deployment, Finished
from tests.report_pages import Page, read_pages


def _files(site: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(site)): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def site(first_run: tuple[Deployment, Finished]) -> Path:
    return (first_run[0].data_dir / "published" / "report").resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return read_pages(site)


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
        assert (site / name).read_text("utf-8-sig") == card.read_text("utf-8")
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
