"""The checks in a real run: a mart that is wrong stops publication and the lock comes back."""

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
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
    figure_check,
    mart_check,
    quality,
)
from orchestration.defs.quality.figures import Figure, read_figures
from orchestration.defs.quality.judgement import judge_mart
from orchestration.defs.quality.summaries import COUNTS, mart_suite, summarise
from orchestration.defs.quality.validation import validate
from orchestration.defs.reference.light import figure_ids
from orchestration.settings import Settings, load_settings
from orchestration.warehouse_lock import hold, is_held_by, release

COLUMNS = ", ".join(
    f"{field.name} "
    + ("double" if "float" in str(field.type) else "bool" if "bool" in str(field.type) else "text")
    for field in fields(Figure)
)
EVIDENCE = (
    "symbol text, session_date date, close double, price_snapshot text, slip text, "
    "nearest_reading text, article_part text, span_start integer, span_end integer, "
    "extraction_rule text, confidence double, extractor_version text"
)
GOOD = (
    "article_id = 'trends-2025-01-28', publisher = 'Trends', article_url = 'https://example.org/1',"
    "stated_text = 'down just under 17 percent', stated_value = 17, unit = 'percent',"
    "qualifier = 'just_under', interval_low = 16.5, interval_high = 17,"
    "is_interval_low_included = true, is_interval_high_included = false,"
    "interval_text = '[16.5, 17.0)', basis = 'close_to_close', derived_value = 16.97,"
    "derived_close_value = 16.97, derived_low_value = 11, derived_high_value = 18.4,"
    "verdict = 'confirmed', explanation = 'at the close', expected_verdict = 'confirmed',"
    "testable_from = 'prices', rests_on_correction = true, correction_citation = 'a citation',"
    "symbol = 'NVDA', session_date = date '2025-01-27', close = 118.42, price_snapshot = 'a:1'"
)


def change(settings: Settings, *statements: str) -> None:
    import duckdb

    with duckdb.connect(str(settings.warehouse_path)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A deployment whose marts hold every documented figure, each of them right."""
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    settings = load_settings()
    settings.data_dir.mkdir()
    change(
        settings,
        "create schema marts",
        "create table marts.articles as select 'a' as article_id, 'en' as language, "
        "timestamptz '2025-01-27 12:00:00+00' as published_at, null::text as published_at_note, "
        "timestamptz '2025-01-28 12:00:00+00' as first_seen_at, "
        "'https://example.org/1' as url, 'Title' as title",
        "insert into marts.articles select 'b', language, published_at, published_at_note, "
        "first_seen_at, null, title from marts.articles",
        "create table marts.article_links as select 'b' as article_id, 'a' as linked_article_id",
        f"create table marts.claim_verdicts (claim_id text, claim_source text, {COLUMNS}, "
        f"{EVIDENCE})",
        "create table marts.instruments as select 'NVDA' as symbol, 'XNAS' as mic",
        "create table marts.trading_sessions as select 'XNAS' as mic, "
        "date '2025-01-27' as session_date",
        "create table marts.daily_returns as select 'XNYS' as mic, date '2025-01-27' as "
        "session_date, 118.42 as close, 1 as sessions_spanned",
        "create table marts.event_study_results as select 1.5::double as car_pct, "
        "0.5::double as p_value",
        "create table marts.event_group_tests as select 1.5::double as statistic, "
        "0.5::double as p_value, null::text as null_reason",
        *(
            f"create table if not exists marts.{mart} as select 1 as id"
            for mart in MARTS
            if mart not in COUNTS
        ),
        *(
            "insert into marts.claim_verdicts (claim_id, claim_source, figure_id) values "
            f"('documented|{name}', 'documented', '{name}')"
            for name in IDS
        ),
        f"update marts.claim_verdicts set {GOOD}",
        "insert into marts.claim_verdicts from marts.claim_verdicts limit 1",
        "update marts.claim_verdicts set claim_id = 'extracted|1', claim_source = 'extracted', "
        "figure_id = null, verdict = 'refuted', article_part = 'body', span_start = 0, "
        "span_end = 4, extraction_rule = 'a rule', confidence = 0.9, extractor_version = 'v1' "
        "where rowid = (select max(rowid) from marts.claim_verdicts)",
    )
    return settings


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
    assert len(found) == len(IDS) + 1 + len(COUNTS)
    assert all(each.passed for each in found.values())
    publication = current(settings.published_dir)
    assert publication is not None
    assert publication.inputs == "inputs of this build"
    assert publication.facts.data_as_of == {"XNYS": "2025-01-27"}
    assert publication.facts.run_id == result.run_id
    assert set(publication.tables) == set(MARTS)
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


BROKEN: list[tuple[str, list[str], str]] = [
    ("articles", ["update marts.articles set language = null"], "unknown_languages is 2"),
    ("articles", ["update marts.articles set language = 'Dutch'"], "unknown_languages is 2"),
    (
        "articles",
        ["update marts.articles set published_at = '2025-01-28 12:00:01+00'"],
        "stamps_after_first_sight_without_a_note is 2",
    ),
    (
        "articles",
        ["update marts.articles set url = 'javascript:alert(1)' where url is not null"],
        "addresses_that_are_not_of_the_web is 1",
    ),
    ("articles", ["update marts.articles set title = ' '"], "empty_titles is 2"),
    (
        "article_links",
        ["update marts.article_links set linked_article_id = 'b'"],
        "links_to_themselves_or_to_no_article is 1",
    ),
    (
        "article_links",
        ["delete from marts.articles where article_id = 'a'"],
        "links_to_themselves_or_to_no_article is 1",
    ),
    ("daily_returns", ["delete from marts.daily_returns"], "rows is 0"),
    ("daily_returns", ["update marts.daily_returns set close = null"], "closes is 0"),
    ("daily_returns", ["update marts.daily_returns set close = 0"], "unusable_closes is 1"),
    (
        "daily_returns",
        [
            "alter table marts.daily_returns alter close type double",
            "update marts.daily_returns set close = 'nan'",
        ],
        "unusable_closes is 1",
    ),
    (
        "daily_returns",
        ["update marts.daily_returns set sessions_spanned = 0"],
        "spans_below_one is 1",
    ),
    (
        "event_study_results",
        ["delete from marts.event_study_results", "delete from marts.event_exclusions"],
        "studied_or_excluded is 0",
    ),
    (
        "event_study_results",
        ["update marts.event_study_results set car_pct = 'nan'"],
        "numbers_that_are_not_finite is 1",
    ),
    (
        "event_study_results",
        ["update marts.event_study_results set car_pct = '-inf'"],
        "numbers_that_are_not_finite is 1",
    ),
    (
        "event_study_results",
        ["update marts.event_study_results set p_value = 1.01"],
        "p_values_outside_0_to_1 is 1",
    ),
    (
        "event_study_results",
        ["update marts.event_study_results set p_value = 'nan'"],
        "p_values_outside_0_to_1 is 1",
    ),
    (
        "event_group_tests",
        ["update marts.event_group_tests set statistic = 'inf'"],
        "numbers_that_are_not_finite is 1",
    ),
    (
        "event_group_tests",
        ["update marts.event_group_tests set p_value = -0.01"],
        "p_values_outside_0_to_1 is 1",
    ),
    (
        "event_group_tests",
        ["update marts.event_group_tests set statistic = null"],
        "statistics_without_an_answer_or_a_reason is 1",
    ),
    ("claim_verdicts", ["delete from marts.claim_verdicts"], "rows is 0"),
    (
        "claim_verdicts",
        ["insert into marts.claim_verdicts from marts.claim_verdicts limit 1"],
        "repeated_claims is 1",
    ),
    (
        "claim_verdicts",
        ["update marts.claim_verdicts set verdict = null where claim_source = 'extracted'"],
        "unknown_verdicts is 1",
    ),
    (
        "claim_verdicts",
        ["update marts.claim_verdicts set verdict = 'true' where claim_source = 'extracted'"],
        "unknown_verdicts is 1",
    ),
    (
        "claim_verdicts",
        ["update marts.claim_verdicts set interval_low = 18 where figure_id = 'trends-nvda'"],
        "inverted_intervals is 1",
    ),
    (
        "claim_verdicts",
        ["update marts.claim_verdicts set stated_value = 18 where figure_id = 'trends-nvda'"],
        "stated_values_outside_their_interval is 1",
    ),
    *(
        ("claim_verdicts", [f"update marts.claim_verdicts set {wrong} where {where}"], reason)
        for where, wrong, reason in (
            (
                "figure_id = 'trends-nvda'",
                "interval_low = null, is_interval_low_included = false",
                "ends_without_a_bound is 1",
            ),
            ("figure_id = 'trends-nvda'", "interval_high = 'inf'", "ends_without_a_bound is 1"),
            ("figure_id = 'trends-nvda'", "symbol = 'ZZZ'", "unknown_listings is 1"),
            (
                "figure_id = 'trends-nvda'",
                "session_date = '2025-01-26'",
                "sessions_that_are_none is 1",
            ),
            ("figure_id = 'trends-nvda'", "session_date = null", "sessions_that_are_none is 1"),
            (
                "claim_source = 'extracted'",
                "verdict = 'not_testable', session_date = '2025-01-26'",
                "sessions_that_are_none is 1",
            ),
            ("figure_id = 'trends-nvda'", "close = null", "verdicts_without_evidence is 1"),
            ("figure_id = 'trends-nvda'", "explanation = ''", "verdicts_without_evidence is 1"),
            (
                "claim_source = 'extracted'",
                "span_end = 0",
                "extracted_claims_without_a_place is 1",
            ),
            (
                "claim_source = 'extracted'",
                "confidence = null",
                "extracted_claims_without_a_place is 1",
            ),
            (
                "figure_id = 'trends-nvda'",
                "slip = 'point_moved'",
                "slips_that_became_right is 1",
            ),
        )
    ),
]


def test_each_count_of_a_mart_can_fail(settings: Settings, tmp_path: Path) -> None:
    good = {mart: mart_suite(mart, counts) for mart, counts in counted(settings).items()}
    suites = []
    for number, (mart, statements, _) in enumerate(BROKEN):
        copy = replace(settings, data_dir=tmp_path / str(number))
        shutil.copytree(settings.data_dir, copy.data_dir)
        change(copy, *statements)
        suites.append(replace(mart_suite(mart, counted(copy)[mart]), name=str(number)))
    outcomes = validate([*good.values(), *suites], settings.data_docs_dir).outcomes
    assert all(judge_mart(mart, outcomes[mart]).passed for mart in COUNTS)
    for number, (mart, _, reason) in enumerate(BROKEN):
        judgement = judge_mart(mart, outcomes[str(number)])
        assert not judgement.passed, reason
        assert judgement.is_blocking
        assert judgement.description.startswith(f"{mart}: ")
        assert reason in judgement.description


def counted(settings: Settings) -> dict[str, dict[str, int]]:
    return summarise(settings.warehouse_path)


def test_every_count_is_shown_failing_above() -> None:
    shown = {(mart, reason.split(" is ")[0]) for mart, _, reason in BROKEN}
    assert shown == {(mart, count.name) for mart, counts in COUNTS.items() for count in counts}


def test_no_excluded_event_is_needed_when_there_are_results(settings: Settings) -> None:
    change(settings, "delete from marts.event_exclusions")
    assert summarise(settings.warehouse_path)["event_study_results"]["studied_or_excluded"] == 1


def test_a_note_makes_a_late_stamp_known(settings: Settings) -> None:
    change(
        settings,
        "update marts.articles set published_at = '2025-01-29', published_at_note = 'noted'",
    )
    assert not any(summarise(settings.warehouse_path)["articles"].values())


def test_only_documented_claims_are_read_as_figures(settings: Settings) -> None:
    figures = read_figures(settings.warehouse_path)
    assert sorted(figures) == sorted(IDS)
    assert all(len(rows) == 1 for rows in figures.values())
