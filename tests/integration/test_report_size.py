"""The report stays small with hundreds of articles and dozens of events, and says how.

The publication of the first run is copied and its rows are multiplied; the pages are the real ones.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.evidence.files import EVIDENCE
from orchestration.defs.publishing.publication import Publication, current
from orchestration.defs.report.overview import MOST_LISTED
from orchestration.defs.report.quality_page import MOST_SHOWN
from orchestration.defs.report.room import MOST_BYTES
from orchestration.defs.report.site import write_site
from tests.conftest import Deployment, Finished

ARTICLES, EVENTS, INCIDENTS = 500, 40, 3_000
EVENT_MARTS = (
    "events",
    "event_sessions",
    "event_window_returns",
    "event_study_results",
    "event_estimations",
    "event_group_tests",
    "event_exclusions",
    "specification_curve",
)
# the same rows for each made-up article or event: the older, the higher its number
MANY_ARTICLES = """
insert into articles
select made_from.* replace (
    'made-up-' || made as article_id,
    repeat('A very long headline ', 40) as title,
    published_at - to_days(cast(made as integer)) as published_at,
)
from articles as made_from, range(1, $articles + 1) as t (made)
where article_id = 'economist-2025-01-27'
"""
MANY_CLAIMS = """
insert into claim_verdicts
select made_from.* replace ('made-up-' || made as article_id, claim_id || '-' || made as claim_id)
from claim_verdicts as made_from, range(1, $articles + 1) as t (made)
where article_id = 'economist-2025-01-27' and (hash(claim_id) + made) % 5 = 0
"""
MANY_EVENTS = """
insert into {mart}
select made_from.* replace ('made-up-' || lpad(cast(made as varchar), 3, '0') as event_id)
from {mart} as made_from, range(1, $events + 1) as t (made)
"""
MANY_INCIDENTS = """
insert into price_incidents
select made_from.* replace (symbol || made as symbol)
from price_incidents as made_from, range(1, $incidents // 20) as t (made)
"""
# of these the first run has none
MANY_OTHERS = """
insert into price_restatements by name
select
    'NVDA' as symbol, date '2025-01-27' + to_days(cast(made as integer)) as session_date,
    'close' as field, 118.42 as old_value, 118.58 as new_value,
    timestamptz '2025-01-28 00:00:00Z' as old_fetched_at,
    timestamptz '2025-01-29 00:00:00Z' as new_fetched_at,
from range({rows}) as t (made);
insert into verdict_changes by name
select
    'trends-nvda-' || made as claim_id, 'down 17 percent' as stated_text,
    'confirmed' as old_verdict, 'refuted' as new_verdict, 'restated_bar' as cause,
    repeat('The bar was restated. ', 10) as correction_note,
from range({rows}) as t (made);
insert into triangulated_closes by name
select
    'NVDA' as symbol, date '2025-01-27' + to_days(cast(made as integer)) as close_session_date,
    'USD' as currency, 142.5 as implied_low_close, 142.7 as implied_high_close,
    142.62 as served_close, 142.62 as used_close, 3 as articles,
from range({rows}) as t (made);
"""


@pytest.fixture(scope="module")
def large(
    first_run: tuple[Deployment, Finished], tmp_path_factory: pytest.TempPathFactory
) -> Publication:
    """A publication of hundreds of articles, dozens of events and thousands of incidents."""
    published = current(first_run[0].data_dir / "published")
    assert published is not None
    folder = tmp_path_factory.mktemp("large")
    shutil.copy(published.database, folder / "marts.duckdb")
    (folder / "marts.duckdb").chmod(0o644)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute(MANY_ARTICLES, {"articles": ARTICLES})
        connection.execute(MANY_CLAIMS, {"articles": ARTICLES})
        connection.execute(MANY_INCIDENTS, {"incidents": INCIDENTS})
        connection.execute(MANY_OTHERS.format(rows=INCIDENTS))
        for mart in EVENT_MARTS:
            connection.execute(MANY_EVENTS.format(mart=mart), {"events": EVENTS})
    (folder / EVIDENCE).mkdir()
    card = (published.folder / EVIDENCE / "economist-2025-01-27.md").read_bytes()[:4_000]
    for made in range(1, ARTICLES + 1):
        (folder / EVIDENCE / f"made-up-{made}.md").write_bytes(card)
    return replace(published, folder=folder)


@pytest.fixture(scope="module")
def site(large: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(large, folder)
    return folder


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_it_stays_below_its_bytes(site: Path) -> None:
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert MOST_BYTES // 2 < size < MOST_BYTES


def test_the_newest_have_pages_and_the_page_says_so(site: Path) -> None:
    made = sorted(
        int(path.stem.removeprefix("made-up-")) for path in site.glob("articles/made-up-*.html")
    )
    assert made == list(range(1, len(made) + 1))
    assert 10 < len(made) < ARTICLES
    text = _text(site / "articles.html")
    pages = len(list(site.glob("articles/*.html")))
    assert f"this report reach: {pages} of them" in text
    assert f"{MOST_LISTED} of {ARTICLES + 3} are shown" in text
    full, short = 0, 0
    for path in site.glob("events/*.html"):
        is_full = "specification curve of window" in _text(path)
        assert is_full != ("are on the pages of the newest events" in _text(path))
        full, short = full + is_full, short + (not is_full)
    assert full >= 1
    assert short >= 3
    overview = _text(site / "index.html")
    assert f"{full} with plots and every test, {short} with the moves of day 0 only" in overview
    assert overview.count("made-up-") >= short


def test_every_row_that_is_left_out_is_counted(site: Path, large: Publication) -> None:
    text = _text(site / "quality.html")
    with duckdb.connect(str(large.database), read_only=True) as connection:
        for mart in (
            "price_incidents", "price_restatements", "verdict_changes", "triangulated_closes",
        ):  # fmt: skip
            ((rows,),) = connection.execute(f"select count(*) from {mart}").fetchall()
            assert rows >= INCIDENTS // 2
            said = f"{MOST_SHOWN} of {rows:,} are shown; all stand in the mart <code>{mart}<"
            assert said in text


def test_no_link_leads_to_a_page_that_was_left_out(site: Path) -> None:
    for page in site.rglob("*.html"):
        for target in re.findall(r'href="([^"#:]+)"', _text(page)):
            assert (page.parent / target).is_file(), (page.name, target)
