"""The checks in a real run: a mart that is wrong stops publication and the lock comes back."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.publishing.assets import MARTS, publish_build, published_marts
from orchestration.defs.publishing.fingerprint import Build, record_build, recorded_build
from orchestration.defs.publishing.lock import WarehouseLock, lock_path
from orchestration.defs.publishing.publication import current
from orchestration.defs.quality.checks import (
    CLAIMS,
    IDS,
    ROWS_CHECK,
    SCORES_CHECK,
    figure_check,
    mart_check,
    quality,
)
from orchestration.defs.quality.figures import read_figures
from orchestration.defs.quality.summaries import COUNTS
from orchestration.defs.reference.light import figure_ids
from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import hold, is_held_by, release
from tests.built_marts import change, right_marts


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    return right_marts(load_settings())


@dg.multi_asset(specs=[dg.AssetSpec(mart) for mart in MARTS], name="build")
def build(context: dg.AssetExecutionContext):  # type: ignore[no-untyped-def]
    """Stand in for dbt: take the lock, leave the warehouse as the test made it."""
    settings = load_settings()
    hold(lock_path(settings), context.run.run_id, timeout=0)
    record_build(settings, Build("inputs of this build"))
    for mart in MARTS:
        yield dg.MaterializeResult(asset_key=mart)


@pytest.fixture
def run(settings: Settings) -> Callable[[], dg.ExecuteInProcessResult]:
    job = dg.Definitions(
        assets=[build, published_marts],
        asset_checks=[quality],
        resources={"warehouse_lock": WarehouseLock()},
        jobs=[dg.define_asset_job("all", dg.AssetSelection.all())],
    ).resolve_job_def("all")

    def execute() -> dg.ExecuteInProcessResult:
        result = job.execute_in_process(raise_on_error=False)
        # Whatever happened, the next run must not wait for this one.
        assert not is_held_by(lock_path(settings), result.run_id)
        hold(lock_path(settings), "next", timeout=0)
        assert release(lock_path(settings), "next")
        return result

    return execute


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {each.check_name: each for each in result.get_asset_check_evaluations()}


def failure(result: dg.ExecuteInProcessResult) -> str:
    (event,) = [event for event in result.all_events if event.is_step_failure]
    assert event.step_failure_data.user_failure_data is not None
    return str(event.step_failure_data.user_failure_data.description)


def test_there_is_one_blocking_check_for_each_row_of_the_table() -> None:
    ids = figure_ids(load_settings().reference_dir / "documented_figures.csv")
    assert len(ids) >= 36
    specs = {spec.key: spec for spec in quality.check_specs}
    assert set(specs) == {
        *(figure_check(name) for name in ids),
        dg.AssetCheckKey(dg.AssetKey(CLAIMS), ROWS_CHECK),
        SCORES_CHECK,
        *(mart_check(mart) for mart in COUNTS),
    }
    assert all(spec.blocking for spec in specs.values())
    assert figure_check("trends-nvda").name == "documented_trends_nvda"


def test_right_marts_are_published_with_their_inputs_and_evidence(
    run: Callable[[], dg.ExecuteInProcessResult], settings: Settings
) -> None:
    result = run()
    assert result.success
    found = evaluations(result)
    assert len(found) == len(IDS) + 2 + len(COUNTS)
    assert all(each.passed for each in found.values())
    publication = current(settings.published_dir)
    assert publication is not None
    assert publication.inputs == "inputs of this build"
    assert publication.facts.data_as_of == {"XNYS": "2025-01-27"}
    assert publication.facts.run_id == result.run_id
    assert set(publication.tables) == set(MARTS)
    evidence = publication.folder / "evidence"
    assert {path.name for path in evidence.iterdir()} == {
        "trends-2025-01-28.json",
        "trends-2025-01-28.md",
    }
    assert "a citation" in (evidence / "trends-2025-01-28.md").read_text()
    (event,) = result.asset_materializations_for_node("published_marts")
    assert event.tags["dagster/data_version"] == publication.content_hash
    assert event.metadata["version"].value == publication.version
    shown = {name: value.value for name, value in found["documented_trends_nvda"].metadata.items()}
    docs = shown.pop("data docs")
    assert Path(str(docs)) == settings.data_docs_dir / "index.html"
    assert shown == {
        "stated": "down just under 17 percent",
        "interval": "[16.5, 17.0)",
        "derived": 16.97,
        "derived at the close": 16.97,
        "derived range": "11 to 18.4",
        "basis": "close_to_close",
        "verdict": "confirmed",
        "expected verdict": "confirmed",
        "explanation": "at the close",
        "source": "Trends",
        "article": "https://example.org/1",
        "correction": "a citation",
    }


def test_a_figure_that_moved_stops_the_run_by_name_and_keeps_the_last_publication(
    run: Callable[[], dg.ExecuteInProcessResult], settings: Settings
) -> None:
    record_build(settings, Build("the last good build"))
    publish_build(settings, "an earlier run")
    before = current(settings.published_dir)
    assert before is not None
    change(
        settings,
        "update marts.claim_verdicts set derived_value = 12.3, derived_close_value = 12.3, "
        "verdict = 'refuted', article_url = 'javascript:alert(1)' where figure_id = 'trends-nvda'",
    )
    result = run()
    assert not result.success
    assert failure(result) == (
        "not published, failed checks (1): trends-nvda: documented 17 [16.5, 17.0), derived now "
        "12.30 at the close, refuted (was confirmed)"
    )
    found = evaluations(result)
    assert [name for name, each in found.items() if not each.passed] == ["documented_trends_nvda"]
    assert found["documented_trends_nvda"].severity == dg.AssetCheckSeverity.ERROR
    article = found["documented_trends_nvda"].metadata["article"]
    assert article == dg.MetadataValue.text("trends-2025-01-28")
    assert not [
        event
        for event in result.all_events
        if event.is_step_start and "published" in event.step_key
    ]
    assert current(settings.published_dir) == before
    # Nor can a person publish what failed by starting that step alone.
    assert recorded_build(settings) is None


def test_a_figure_that_the_extractor_no_longer_finds_stops_the_run_by_name(
    run: Callable[[], dg.ExecuteInProcessResult], settings: Settings
) -> None:
    change(
        settings,
        "update marts.extraction_scores set missed_figures = 1, found_figures = 35, "
        "missed_figure_ids = 'trends-spx', recall_pct = 97.2",
    )
    result = run()
    assert failure(result) == (
        "not published, failed checks (1): extraction: trends-2025-01-28 (nl) was read without "
        "trends-spx"
    )
    check = evaluations(result)[SCORES_CHECK.name]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    (row,) = check.metadata["scores"].value.records  # type: ignore[attr-defined, union-attr]
    assert row.data["missed"] == "trends-spx"
    assert row.data["recall, %"] == 97.2
    assert current(settings.published_dir) is None


def test_a_figure_that_nobody_expects_anything_of_only_warns(
    run: Callable[[], dg.ExecuteInProcessResult], settings: Settings
) -> None:
    change(
        settings,
        "update marts.claim_verdicts set derived_value = 12.3, verdict = 'refuted', "
        "expected_verdict = null where figure_id = 'trends-nvda'",
    )
    result = run()
    assert result.success
    check = evaluations(result)["documented_trends_nvda"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert current(settings.published_dir) is not None


def test_publication_alone_refuses_a_warehouse_without_a_finished_build(
    settings: Settings,
) -> None:
    result = dg.materialize(
        [published_marts],
        resources={"warehouse_lock": WarehouseLock()},
        raise_on_error=False,
    )
    assert not result.success
    assert "holds no build that finished" in str(
        result.failure_data_for_node("published_marts").error  # type: ignore[union-attr]
    )
    assert current(settings.published_dir) is None


def test_only_documented_claims_are_read_as_figures(settings: Settings) -> None:
    figures = read_figures(settings.warehouse_path)
    assert sorted(figures) == sorted(IDS)
    assert all(len(rows) == 1 for rows in figures.values())
