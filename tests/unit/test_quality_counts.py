"""The counts that the marts are held to: each is shown failing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.defs.quality.judgement import judge_mart
from orchestration.defs.quality.summaries import COUNTS, mart_suite, summarise
from orchestration.defs.quality.validation import validate
from orchestration.settings import Settings, load_settings
from tests.built_marts import change, right_marts


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path / "data"))
    return right_marts(load_settings())


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
