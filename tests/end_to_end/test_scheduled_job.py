"""The scheduled job on recorded bars: what it derives, and that a second run changes nothing."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Deployment, Finished

Run = tuple[Deployment, Finished]


def test_every_step_says_what_it_did(first_run: Run) -> None:
    output = first_run[1].output
    for said in (
        "23 symbols answered",
        "articles: 3 new",
        "models built",
        "published",
        "make serve",
    ):
        assert said in output, output


def test_every_documented_figure_is_in_the_table_or_named_untestable(first_run: Run) -> None:
    deployment, finished = first_run
    documented = "select figure_id from claim_verdicts where claim_source = 'documented'"
    for (figure_id,) in deployment.query(documented):
        assert figure_id in finished.output


@pytest.mark.parametrize(
    ("figure_id", "verdict", "basis", "derived"),
    [
        ("econ-nvda", "confirmed", "close_to_close", 100 * (1 - 118.42 / 142.62)),
        ("trends-nvda", "confirmed", "close_to_close", 100 * (1 - 118.42 / 142.62)),
        ("trends-ixic", "confirmed", "close_to_close", 100 * (1 - 19341.83 / 19954.30)),
        ("trends-spx", "confirmed", "close_to_close", 100 * (1 - 6012.28 / 6101.24)),
        ("econ-enr", "confirmed", "close_to_close", 100 * (1 - 48.32 / 60.36)),
        ("trends-aapl", "confirmed", "close_to_close", 100 * (229.86 / 222.78 - 1)),
        ("trends-nvda-cap-usd", "confirmed_other_basis", "last_print", 24.49e9 * (142.62 - 118.58)),
    ],
)
def test_headline_figures(
    first_run: Run, figure_id: str, verdict: str, basis: str, derived: float
) -> None:
    ((found_verdict, found_basis, found),) = first_run[0].query(
        "select verdict, basis, derived_value from claim_verdicts where figure_id = ?", figure_id
    )
    assert (found_verdict, found_basis) == (verdict, basis)
    assert found == pytest.approx(derived, rel=1e-9)


@pytest.mark.parametrize("figure_id", ["econ-googl", "econ-msft", "econ-amzn", "econ-ccj"])
def test_figures_of_the_time_of_writing_meet_the_range(first_run: Run, figure_id: str) -> None:
    ((verdict, low, high, interval_low, interval_high),) = first_run[0].query(
        """
        select verdict, derived_low_value, derived_high_value, interval_low, interval_high
        from claim_verdicts where figure_id = ?
        """,
        figure_id,
    )
    assert verdict == "consistent_intraday"
    assert low < interval_high
    assert high >= interval_low


def test_siemens_energy_rests_on_the_cited_correction(first_run: Run) -> None:
    ((rests, citation, source),) = first_run[0].query(
        """
        select rests_on_correction, correction_citation, previous_close_source
        from claim_verdicts where figure_id = 'econ-enr'
        """
    )
    assert rests
    assert "50.64" in citation
    assert source == "correction"


def test_day_0_of_each_exchange(first_run: Run) -> None:
    rows = first_run[0].query(
        "select mic, cast(day_0_session_date as varchar) from event_sessions "
        "where event_id = 'deepseek-2025-01'"
    )
    expected = dict.fromkeys(
        ("XNYS", "XNAS", "XETR", "XTSE", "XAMS", "XLON", "XTKS"), "2025-01-27"
    ) | {"XKRX": "2025-01-31", "XTAI": "2025-02-03"}
    assert dict(rows) == expected


def test_every_mart_is_published_in_both_forms(first_run: Run) -> None:
    deployment = first_run[0]
    current = deployment.data_dir / "published" / "current"
    manifest = json.loads((current / "manifest.json").read_text())
    tables = {name for (name,) in deployment.query("select table_name from duckdb_tables()")}
    assert set(manifest["tables"]) == tables - {"publish_meta"}
    assert {path.stem for path in (current / "parquet").glob("*.parquet")} >= set(
        manifest["tables"]
    )


def test_every_article_has_its_evidence(first_run: Run) -> None:
    evidence = first_run[0].data_dir / "published" / "current" / "evidence"
    articles = {"economist-2025-01-27", "economist-2025-01-27-vi", "trends-2025-01-28"}
    assert {path.stem for path in evidence.glob("*.md")} == articles
    card = (evidence / "economist-2025-01-27.md").read_text(encoding="utf-8")
    for said in (
        "# Evidence: Digest: chip and power shares",
        "<https://www.economist.com/business/2025/01/27/",
        "Siemens Energy: down 20 percent",
        "60.36 EUR on 2025-01-24, from correction",
        "50.64 / (1 - 0.1610)",
        "12 not_testable",
    ):
        assert said in card
    for path in evidence.glob("*.json"):
        reviews = json.loads(path.read_text(encoding="utf-8"))["@graph"]
        tested = first_run[0].query(
            "select claim_id from claim_verdicts "
            "where article_id = ? and verdict <> 'not_testable' order by all",
            path.stem,
        )
        assert sorted((review["identifier"],) for review in reviews) == tested


def test_the_digests_are_read_in_full(first_run: Run) -> None:
    assert first_run[0].query(
        "select article_id, language, documented_figures, found_figures, extra_claims, is_gold "
        "from extraction_scores order by all"
    ) == [
        ("economist-2025-01-27", "en", 14, 14, 0, True),
        ("economist-2025-01-27-vi", "vi", 6, 6, 0, True),
        ("trends-2025-01-28", "nl", 16, 16, 0, True),
    ]


def test_the_summary_in_another_language_is_the_same_story(first_run: Run) -> None:
    assert first_run[0].query(
        "select article_id, linked_article_id, link_kind, similarity_pct from article_links"
    ) == [("economist-2025-01-27-vi", "economist-2025-01-27", "same_claims", 100.0)]


def test_status_says_it_in_one_screen(first_run: Run) -> None:
    status = first_run[0].run("status")
    assert status.code == 0, status.output
    for said in (
        "data as of  XETR 2025-03-20, XNAS 2025-03-20",
        "ENR.DE: 21 stale, the last of 2025-03-17",
        "last runs   SUCCESS",
        "16:45 America/New_York, after_new_york_close",
    ):
        assert said in status.output, status.output


def test_status_before_the_first_run_says_what_to_do(fresh: Deployment) -> None:
    status = fresh.run("status")
    assert status.code == 1
    assert "yet: make run" in status.output
    assert "last runs   none yet" in status.output
    assert not fresh.data_dir.exists()


def test_a_second_run_builds_nothing_and_changes_no_published_byte(deployment: Deployment) -> None:
    before = deployment.published_files()
    again = deployment.run()
    assert again.code == 0, again.output
    assert "nothing new since publication" in again.output
    assert "models built" not in again.output
    assert deployment.published_files() == before
