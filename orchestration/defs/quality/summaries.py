"""One row of counts for each mart that has a suite, and what the counts must be.

Belongs here: counting in SQL and the expectations on the counts. Does not belong here: anything
about a single figure (`figures`). Counting here keeps a mart of millions of rows out of pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.defs.quality.expectations import Expectation, Suite
from orchestration.defs.reference.tables import VERDICTS

_NONE = {"min_value": 0, "max_value": 0}
_SOME = {"min_value": 1}
_VERDICTS = ", ".join(f"'{verdict}'" for verdict in VERDICTS)
_JUDGED = "verdict not in ('insufficient_data', 'not_testable')"


@dataclass(frozen=True)
class Count:
    """One count over a mart: its SQL, its bounds (inclusive) and why."""

    name: str
    sql: str
    bounds: Mapping[str, int]
    why: str


# What holds of every mart of statistics.
_STATISTICS = (
    Count(
        "numbers_that_are_not_finite",
        "sum(list_count(list_filter({doubles}, x -> not isfinite(x))))",
        _NONE,
        "a statistic that cannot be computed is null with a reason",
    ),
    Count(
        "p_values_outside_0_to_1",
        "count_if(p_value not between 0 and 1)",
        _NONE,
        "a p-value is a probability",
    ),
)

COUNTS: dict[str, tuple[Count, ...]] = {
    "articles": (
        Count(
            "unknown_languages",
            "count_if(language is null or not regexp_full_match(language, '[a-z]{2,3}'))",
            _NONE,
            "a reader must know which language to read in",
        ),
        Count(
            "stamps_after_first_sight_without_a_note",
            "count_if(published_at > first_seen_at and published_at_note is null)",
            _NONE,
            "what was seen had been published; a later stamp says that it is one",
        ),
        Count(
            "addresses_that_are_not_of_the_web",
            "count_if(not regexp_matches(url, '^https?://[^/]'))",
            _NONE,
            "a reader may make a link of it, which must not run anything",
        ),
        Count(
            "empty_titles",
            "count_if(title is null or trim(title) = '')",
            _NONE,
            "an article is known by its title",
        ),
    ),
    "article_links": (
        Count(
            "links_to_themselves_or_to_no_article",
            "count_if(article_id = linked_article_id or linked_article_id not in "
            "(select article_id from marts.articles))",
            _NONE,
            "a copy has an original that is on file",
        ),
    ),
    "daily_returns": (
        Count("rows", "count(*)", _SOME, "an empty mart would pass everything below"),
        Count("closes", "count(close)", _SOME, "closes that are all null are no prices"),
        Count(
            "unusable_closes",
            "count_if(close <= 0 or not isfinite(close))",
            _NONE,
            "a price is above zero; a bad one is quarantined before it gets here",
        ),
        Count(
            "spans_below_one",
            "count_if(sessions_spanned < 1)",
            _NONE,
            "a return reaches back at least one session",
        ),
    ),
    "event_study_results": (
        Count(
            "studied_or_excluded",
            "count(*) + (select count(*) from marts.event_exclusions)",
            _SOME,
            "what cannot be studied is excluded with a reason and never disappears",
        ),
        *_STATISTICS,
    ),
    "event_group_tests": (
        *_STATISTICS,
        Count(
            "statistics_without_an_answer_or_a_reason",
            "count_if((statistic is null) <> (null_reason is not null))",
            _NONE,
            "a reader must see why a test has no answer",
        ),
    ),
    "claim_verdicts": (
        Count("rows", "count(*)", _SOME, "an empty mart would pass everything below"),
        Count(
            "repeated_claims",
            "count(*) - count(distinct claim_id)",
            _NONE,
            "a claim is judged once",
        ),
        Count(
            "unknown_verdicts",
            f"count_if(verdict is null or verdict not in ({_VERDICTS}))",
            _NONE,
            "readers filter by these words",
        ),
        Count(
            "inverted_intervals",
            "count_if(interval_low > interval_high)",
            _NONE,
            "an interval that nothing fits would refute anything",
        ),
        Count(
            "stated_values_outside_their_interval",
            "count_if(stated_value < interval_low or stated_value > interval_high)",
            _NONE,
            "a tolerance lies around what was printed",
        ),
        Count(
            "ends_without_a_bound",
            "count_if((is_interval_low_included and interval_low is null) "
            "or (is_interval_high_included and interval_high is null) "
            "or (interval_low is null and interval_high is not null) "
            "or not isfinite(interval_low) or not isfinite(interval_high))",
            _NONE,
            "an interval has a lower end, and an end that is allowed is a number",
        ),
        Count(
            "unknown_listings",
            "count_if(symbol not in (select symbol from marts.instruments))",
            _NONE,
            "a claim is about a listing on file or about none",
        ),
        Count(
            "sessions_that_are_none",
            f"count_if(({_JUDGED} or claim_source = 'extracted' and session_date is not null) "  # noqa: S608 - our own words
            "and not coalesce((symbol, session_date) in (select (symbol, session_date) "
            "from marts.instruments inner join marts.trading_sessions using (mic)), false))",
            _NONE,
            "prices are those of a session of the listing's own exchange",
        ),
        Count(
            "verdicts_without_evidence",
            f"count_if({_JUDGED} and (close is null or price_snapshot is null or basis is null "
            "or coalesce(explanation, '') = ''))",
            _NONE,
            "a verdict from prices shows the bar that decides it",
        ),
        Count(
            "extracted_claims_without_a_place",
            "count_if(claim_source = 'extracted' and not coalesce(span_start >= 0 "
            "and span_end > span_start and article_part in ('title', 'body') "
            "and extraction_rule is not null and extractor_version is not null "
            "and confidence between 0 and 1, false))",
            _NONE,
            "a reader can find the words that were read",
        ),
        Count(
            "slips_that_became_right",
            "count_if((slip is not null or nearest_reading is not null) "
            "and verdict in ('confirmed', 'consistent_intraday'))",
            _NONE,
            "a slip explains a missed figure and never makes it right",
        ),
    ),
}


def summarise(warehouse: Path) -> dict[str, dict[str, int]]:
    """Return each mart's counts by name.

    Raises:
        duckdb.Error: a mart is missing, lacks a column, or a writer has the file open.
    """
    import duckdb

    found = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for mart, counts in COUNTS.items():
            doubles = connection.execute(
                "select '[' || string_agg('\"' || column_name || '\"', ', ') || ']' "
                "from duckdb_columns() where schema_name = 'marts' and table_name = ? "
                "and data_type in ('DOUBLE', 'FLOAT')",
                [mart],
            ).fetchone() or ("[]",)
            # Of no row at all, DuckDB counts null.
            columns = ", ".join(
                f"coalesce({count.sql.replace('{doubles}', str(doubles[0]))}, 0)"
                for count in counts
            )
            row: Any = connection.execute(
                f"select {columns} from marts.{mart}"  # noqa: S608 - our own words and the catalog's
            ).fetchone()
            found[mart] = dict(zip((count.name for count in counts), map(int, row), strict=True))
    return found


def mart_suite(mart: str, counts: Mapping[str, int]) -> Suite:
    """Return the suite of one mart on its row of counts."""
    return Suite(
        name=mart,
        frame={count.name: [counts[count.name]] for count in COUNTS[mart]},
        expectations=[
            Expectation(
                count.name,
                "ExpectColumnValuesToBeBetween",
                {"column": count.name, **count.bounds},
                meta={"why": count.why},
            )
            for count in COUNTS[mart]
        ],
    )
