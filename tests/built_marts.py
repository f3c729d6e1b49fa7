"""A warehouse whose marts hold every documented figure, each of them right, and how to break it."""

from __future__ import annotations

from dataclasses import fields

from orchestration.defs.publishing.assets import MARTS
from orchestration.defs.quality.checks import IDS
from orchestration.defs.quality.figures import Figure
from orchestration.defs.quality.summaries import COUNTS
from orchestration.settings import Settings

COLUMNS = ", ".join(
    f"{field.name} "
    + ("double" if "float" in str(field.type) else "bool" if "bool" in str(field.type) else "text")
    for field in fields(Figure)
)
EVIDENCE = (
    "symbol text, session_date date, close double, price_snapshot text, slip text, "
    "nearest_reading text, article_part text, span_start integer, span_end integer, "
    "extraction_rule text, confidence double, extractor_version text, subject text, measure text, "
    "direction text, as_of text, period text, session_rule text, slip_value double, "
    "previous_close double, previous_close_session_date date, previous_close_source text, "
    "currency text, prices_fetched_at timestamptz, triangulated_close_session_date date, "
    "triangulated_low_close double, triangulated_high_close double"
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


def right_marts(settings: Settings) -> Settings:
    """Build them in an empty data directory."""
    settings.data_dir.mkdir()
    change(
        settings,
        "create schema marts",
        "create table marts.articles as select 'a' as article_id, 'en' as language, "
        "timestamptz '2025-01-27 12:00:00+00' as published_at, null::text as published_at_note, "
        "timestamptz '2025-01-28 12:00:00+00' as first_seen_at, "
        "'https://example.org/1' as url, 'Title' as title, 'a' as story_id",
        "insert into marts.articles select 'b', language, published_at, published_at_note, "
        "first_seen_at, null, title, story_id from marts.articles",
        "create table marts.extraction_scores as select 'trends-2025-01-28' as article_id, "
        f"'nl' as language, true as is_gold, {len(IDS)} as documented_figures, {len(IDS)} as "
        "found_figures, 0 as missed_figures, null::text as missed_figure_ids, 0 as extra_claims, "
        "100.0::double as recall_pct, 100.0::double as precision_pct",
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
