"""The check of the extractor: each way in which it can misread the project's own digests."""

from pathlib import Path

import pytest

from orchestration.defs.quality.checks import IDS
from orchestration.defs.quality.extraction import SCORES, judge_scores, read_scores, score_suite
from orchestration.defs.quality.judgement import Judgement
from orchestration.defs.quality.validation import validate
from orchestration.settings import Settings, load_settings
from tests.built_marts import change, right_marts


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    return right_marts(load_settings())


MISREAD = [
    (
        "extra_claims = 2, precision_pct = 94.7",
        "was read with 2 claims that are no documented figure",
    ),
    (
        "missed_figures = 36, missed_figure_ids = 'all', recall_pct = 0, precision_pct = null",
        "was read without all",
    ),
    ("documented_figures = 35", f"35 figures are scored and {len(IDS)} documented"),
]


@pytest.mark.parametrize(("wrong", "reason"), MISREAD)
def test_each_fault_of_the_extractor_is_named(settings: Settings, wrong: str, reason: str) -> None:
    change(settings, f"update marts.extraction_scores set {wrong}")
    judgement = judged(settings)
    assert not judgement.passed
    assert judgement.is_blocking
    assert reason in judgement.description


def test_no_score_at_all_is_a_fault(settings: Settings) -> None:
    change(settings, "delete from marts.extraction_scores")
    assert f"0 figures are scored and {len(IDS)} documented" in judged(settings).description


def test_articles_that_are_no_digests_are_scored_and_not_held_to_it(settings: Settings) -> None:
    change(
        settings,
        "insert into marts.extraction_scores values "
        "('mine', 'fr', false, 1, 0, 1, 'mine-1', 7, 0, 0)",
        "update marts.extraction_scores set documented_figures = documented_figures - 1 "
        "where is_gold",
    )
    assert judged(settings).passed


def judged(settings: Settings) -> Judgement:
    scores = read_scores(settings.warehouse_path)
    outcomes = validate([score_suite(scores, len(IDS))], settings.data_docs_dir).outcomes
    return judge_scores(scores, len(IDS), outcomes[SCORES])
