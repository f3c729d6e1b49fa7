"""The code location: exact lists, so that nothing appears or disappears unseen."""

from __future__ import annotations

import csv
from typing import Any

from orchestration.defs.publishing.assets import MARTS as PUBLISHED
from tests.conftest import ROOT

LANDED = {
    "articles",
    "claim_extractions",
    "corporate_actions",
    "daily_bars",
    "documented_figures",
    "event_instruments",
    "events",
    "exchanges",
    "extracted_claims",
    "factor_returns",
    "instruments",
    "news_feeds",
    "observations",
    "price_corrections",
    "published_verdicts",
    "studies",
    "subject_aliases",
    "trading_sessions",
    "vendor_columns",
    "vendor_symbols",
}
MARTS = {
    "article_links",
    "articles",
    "claim_verdicts",
    "daily_returns",
    "event_estimations",
    "event_exclusions",
    "event_group_tests",
    "event_sessions",
    "event_study_results",
    "event_window_returns",
    "events",
    "explained_moves",
    "extraction_scores",
    "instruments",
    "price_incidents",
    "price_restatements",
    "specification_curve",
    "trading_sessions",
    "triangulated_closes",
    "unexplained_moves",
    "verdict_changes",
}


def _models(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / "dbt_project" / "models" / folder).rglob("*.sql")}


def test_marts_are_the_contract() -> None:
    assert _models("marts") == MARTS
    assert set(PUBLISHED) == MARTS


def test_every_asset_is_a_source_a_model_the_publication_or_its_report(
    loaded: dict[str, Any],
) -> None:
    expected = {f"landing/{name}" for name in LANDED}
    expected |= _models("staging") | _models("intermediate") | MARTS | {"published_marts", "report"}
    assert set(loaded["assets"]) == expected
    assert set(loaded["in_job"]) == expected


def test_every_asset_is_described_grouped_and_owned(loaded: dict[str, Any]) -> None:
    assert loaded["undocumented"] == []
    assert loaded["ungrouped"] == []
    assert loaded["unowned"] == []


def test_each_documented_figure_has_a_check_of_its_own(loaded: dict[str, Any]) -> None:
    with (ROOT / "data" / "reference" / "documented_figures.csv").open(encoding="utf-8") as file:
        ids = [row["figure_id"] for row in csv.DictReader(file)]
    assert len(ids) == 36
    expected = {f"claim_verdicts:documented_{figure.replace('-', '_')}" for figure in ids}
    assert expected <= set(loaded["checks"])


def test_every_dbt_data_test_is_an_asset_check(
    loaded: dict[str, Any], manifest: dict[str, Any]
) -> None:
    names = {check.split(":")[1] for check in loaded["checks"]}
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    assert tests
    assert tests <= names


def test_schedules_run_after_each_close_in_its_own_time_zone(loaded: dict[str, Any]) -> None:
    assert loaded["schedules"] == {
        "after_frankfurt_close": ["15 18 * * 1-5", "Europe/Berlin", "RUNNING"],
        "after_new_york_close": ["45 16 * * 1-5", "America/New_York", "RUNNING"],
    }
    assert loaded["sensors"] == ["alerts", "lost_runs", "news_inbox"]


def test_loading_brings_in_nothing_heavy(loaded: dict[str, Any]) -> None:
    heavy = {
        "duckdb",
        "exchange_calendars",
        "great_expectations",
        "matplotlib",
        "numpy",
        "pandas",
        "pyarrow",
        "scipy",
        "yfinance",
    }
    assert heavy.isdisjoint(loaded["modules"])
