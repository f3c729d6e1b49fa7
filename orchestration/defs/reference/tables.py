"""The schema of every reference table, as data.

Belongs here: columns in file order with parser and type, keys, references and row rules.
Does not belong here: what a column is (`schema`), how a file is read (`validation`) and how it
lands (`assets`).
"""

from __future__ import annotations

from orchestration.defs.reference import cells, rules
from orchestration.defs.reference.schema import Column, Table


def _symbol(name: str = "symbol", *, nullable: bool = False) -> Column:
    return Column(name, cells.symbol, nullable=nullable, references="instruments")


def _integer(name: str, low: int, high: int) -> Column:
    return Column(name, cells.integer(low, high), "int32")


VERDICTS = (
    "confirmed",
    "consistent_intraday",
    "confirmed_other_basis",
    "refuted",
    "insufficient_data",
    "not_testable",
)
MODELS = (
    "market_model",
    "market_adjusted",
    "mean_adjusted",
    "scholes_williams",
    "multi_factor",
)
GROUP_TESTS = (
    "cross_sectional_t",
    "skewness_adjusted_t",
    "crude_dependence_t",
    "portfolio_t",
    "patell_z",
    "patell_adjusted_z",
    "bmp_t",
    "bmp_adjusted_t",
    "corrado_rank_z",
    "corrado_zivney_rank_z",
    "grank_t",
    "grank_z",
    "sign_z",
    "generalised_sign_z",
    "wilcoxon_signed_rank_z",
    "bhar_t",
    "precision_weighted_z",
)
_QUALIFIERS = (
    "exact",
    "about",
    "just_under",
    "more_than",
    "less_than",
    "at_most",
    "range",
    "direction_only",
)

TABLES: dict[str, Table] = {
    "exchanges": Table(
        "Exchanges by market identifier code, each with its trading calendar.",
        (
            Column("mic", cells.mic),
            Column("calendar", cells.text),
            Column("name", cells.text),
            Column("city", cells.text),
        ),
        key=("mic",),
    ),
    "instruments": Table(
        "Listings, indexes, funds and rates. `issuer` ties the listings of one company.",
        (
            Column("symbol", cells.symbol),
            Column("name", cells.text),
            Column("issuer", cells.text),
            Column("kind", cells.one_of("stock", "index", "etf", "rate")),
            Column("mic", cells.mic, references="exchanges"),
            Column("currency", cells.currency),
            _symbol("benchmark_symbol", nullable=True),
            Column("providers", cells.words(cells.price_provider), nullable=True),
        ),
        key=("symbol",),
        rules=(rules.no_own_benchmark,),
    ),
    "events": Table(
        "Events with the moment of their announcement and the studies to make of them.",
        (
            Column("event_id", cells.identifier),
            Column("name", cells.text),
            Column("announced_at", cells.timestamp, "timestamp"),
            Column("studies", cells.words(cells.identifier), references="studies"),
            Column("source", cells.text, nullable=True),
            Column("note", cells.text, nullable=True),
        ),
        key=("event_id",),
    ),
    "event_instruments": Table(
        "Which instruments are studied around which event, and in which group.",
        (
            Column("event_id", cells.identifier, references="events"),
            _symbol(),
            Column("group_name", cells.group_name),
        ),
        key=("event_id", "symbol"),
    ),
    "studies": Table(
        "Parameters of event studies; sessions are counted relative to day 0.",
        (
            Column("study_id", cells.identifier),
            Column("return_type", cells.one_of("simple", "log")),
            _integer("estimation_sessions", 2, 2500),
            _integer("estimation_last", -2500, -1),
            _integer("minimum_observations", 3, 2500),
            _integer("event_window_first", -250, 250),
            _integer("event_window_last", -250, 250),
            Column(
                "models",
                cells.words(cells.one_of(*MODELS)),
            ),
            Column("windows", cells.words(cells.window)),
            Column("factors", cells.words(cells.factor), nullable=True),
            Column("tests", cells.words(cells.one_of(*GROUP_TESTS)), nullable=True),
            Column("pooled", cells.one_of("event", "study"), nullable=True, default="event"),
            Column(
                "specification_estimation_sessions",
                cells.words(cells.integer(3, 2500)),
                nullable=True,
            ),
        ),
        key=("study_id",),
        rules=(rules.windows_fit, rules.estimation_precedes_event, rules.factors_fit_models),
    ),
    "factor_returns": Table(
        "Returns of risk factors, as fractions, for the multi-factor model.",
        (
            Column("factor", cells.factor),
            Column("session_date", cells.day, "date32"),
            Column("value", cells.number, "float64"),
        ),
        key=("factor", "session_date"),
    ),
    "documented_figures": Table(
        "Figures that articles printed, as claims to be checked against prices.",
        (
            Column("figure_id", cells.identifier),
            Column("article_id", cells.identifier),
            Column("subject", cells.text),
            _symbol(nullable=True),
            Column("measure", cells.measure),
            Column("direction", cells.one_of("up", "down")),
            Column("stated_value", cells.stated_value, nullable=True),
            Column("stated_value_to", cells.stated_value, nullable=True),
            Column("scale", cells.positive_number, "float64", nullable=True, default=1.0),
            Column("unit", cells.one_of("percent", "usd", "eur", "month", "direction", "rank")),
            Column("qualifier", cells.one_of(*_QUALIFIERS)),
            Column(
                "as_of",
                cells.one_of("close", "open", "intraday", "time_of_writing", "unstated"),
                nullable=True,
            ),
            Column("session_date", cells.day, "date32", nullable=True),
            Column(
                "testable_from",
                cells.one_of("prices", "prices+shares", "prices+shares+fx", "not_testable"),
            ),
            Column("expected_verdict", cells.one_of(*VERDICTS), nullable=True),
            Column("reason", cells.text, nullable=True),
        ),
        key=("figure_id",),
        rules=(rules.value_fits_unit, rules.value_fits_qualifier, rules.complete_if_testable),
    ),
    "subject_aliases": Table(
        "Names of companies and indexes as articles print them, with their listings.",
        (
            Column("alias", cells.text),
            Column("language", cells.language, nullable=True, default=""),
            Column("subject", cells.text),
            _symbol(nullable=True),
            Column("kind", cells.one_of("company", "index", "other")),
        ),
        key=("alias", "language"),
    ),
    "news_feeds": Table(
        "RSS and Atom feeds; those that are enabled are asked for articles in every run.",
        (
            Column("feed_id", cells.feed_id),
            Column("url", cells.web_address),
            Column("publisher", cells.text),
            Column("language", cells.two_letters),
            Column("enabled", cells.one_of("yes", "no")),
        ),
        key=("feed_id",),
    ),
    "vendor_columns": Table(
        "What the columns of vendors' price files mean that a person drops.",
        (
            Column("vendor", cells.vendor),
            Column("column", cells.text),
            Column("meaning", cells.vendor_meaning),
            Column("format", cells.number_or_date_format, nullable=True),
        ),
        key=("vendor", "meaning"),
        rules=(rules.format_fits_meaning,),
    ),
    "vendor_symbols": Table(
        "Which instrument a vendor means by a symbol of its own in a dropped file.",
        (
            Column("vendor", cells.vendor, references="vendor_columns"),
            Column("vendor_symbol", cells.text),
            _symbol(),
        ),
        key=("vendor", "vendor_symbol"),
    ),
    "price_corrections": Table(
        "Cited prices that replace a missing or quarantined one.",
        (
            _symbol(),
            Column("session_date", cells.day, "date32"),
            Column("field", cells.one_of("open", "high", "low", "close")),
            Column("value", cells.positive_number, "float64"),
            Column("currency", cells.currency),
            Column("citation", cells.text),
        ),
        key=("symbol", "session_date", "field"),
    ),
    "observations": Table(
        "Cited figures that are no daily bars: shares outstanding, last prints, implied rates.",
        (
            _symbol(),
            Column("observed_at", cells.timestamp, "timestamp"),
            Column("kind", cells.one_of("shares_outstanding", "last_print", "implied_rate")),
            Column("value", cells.positive_number, "float64"),
            Column("unit", cells.text),
            Column("source", cells.text),
        ),
        key=("symbol", "observed_at", "kind"),
    ),
}
