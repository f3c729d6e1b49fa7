"""The evidence card of an article: each figure, its verdict, and the bar and source that decide it.

Belongs here: the order and the labels of a card, in Markdown. Does not belong here: what a word
from outside may do there (`outside`) and any number (`claim_verdicts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orchestration.defs.evidence.outside import as_markdown, link_address
from orchestration.defs.evidence.rows import Evidence, Row
from orchestration.defs.reference.tables import VERDICTS

Field = tuple[str, str | None]


def card(evidence: Evidence) -> str:
    """Return the card of one article as Markdown; the same rows give the same bytes."""
    article = evidence.article
    counted = Counter(claim["verdict"] for claim in evidence.claims)
    lines = [
        f"# Evidence: {as_markdown(article['title'])}",
        "",
        *_table(_of_article(article)),
        "",
        ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict]),
    ]
    for number, claim in enumerate(evidence.claims, 1):
        heading = f"{claim['subject'] or claim['symbol'] or 'unknown'}: {claim['stated_text']}"
        lines += ["", f"## {number}. {as_markdown(heading)}", ""]
        lines += [as_markdown(claim["explanation"] or "No explanation."), ""]
        lines += _table(_of_claim(claim))
    return "\n".join(lines) + "\n"


def _of_article(article: Row) -> Iterator[Field]:
    yield "article", article["article_id"]
    yield "publisher", article["publisher"]
    yield "published", article["published_at"]
    yield "against that moment", article["published_at_note"]
    yield "language", article["language"]
    yield "address", article["article_url"]
    if article["story_id"] != article["article_id"]:
        yield "tells the story of", article["story_id"]


def _of_claim(claim: Row) -> Iterator[Field]:
    unit = str(claim["unit"])

    def derived(name: str) -> str | None:
        # a value counts in the stated direction; a reader expects its sign
        value = claim[name]
        return _number(-value if value and claim["direction"] == "down" else value)

    yield "verdict", claim["verdict"]
    yield "measure", f"{claim['measure']}, as of {claim['as_of']}, period {claim['period']}"
    yield "listing", claim["symbol"]
    yield "session", _joined(claim["session_date"], "rule", claim["session_rule"])
    yield "close", _joined(_number(claim["close"]), "", claim["currency"])
    yield "previous close", _previous_close(claim)
    yield "interval", _joined(claim["interval_text"], unit, claim["direction"] or "level")
    yield "basis", claim["basis"]
    yield "derived value", _joined(derived("derived_value"), "", unit)
    yield "at the close", _joined(derived("derived_close_value"), "", unit)
    low, high = derived("derived_low_value"), derived("derived_high_value")
    yield "range of the session", f"{low} to {high} {unit}" if low and high else None
    yield (
        "reading that would fit",
        _joined(claim["nearest_reading"] or claim["slip"], "gives", derived("slip_value")),
    )
    yield "bars", _joined(claim["price_snapshot"], "fetched", claim["prices_fetched_at"])
    yield "correction", claim["correction_citation"]
    yield "close implied by articles", _implied_close(claim)
    yield "found in the text", _place(claim)
    yield "claim", claim["claim_id"]


def _previous_close(claim: Row) -> str | None:
    close = _joined(_number(claim["previous_close"]), "", claim["currency"])
    day = claim["previous_close_session_date"]
    return close and f"{close} on {day}, from {claim['previous_close_source']}"


def _implied_close(claim: Row) -> str | None:
    low, high = _number(claim["triangulated_low_close"]), _number(claim["triangulated_high_close"])
    if low is None or high is None:
        return None
    day = claim["triangulated_close_session_date"]
    return f"{low} to {high} {claim['currency']} on {day}; evidence only, no verdict uses it"


def _place(claim: Row) -> str | None:
    if claim["article_part"] is None:
        return None
    return (
        f"{claim['article_part']}, characters {claim['span_start']} to {claim['span_end']}, "
        f"rule {claim['extraction_rule']}, confidence {claim['confidence']:.2f}, "
        f"extractor {claim['extractor_version']}"
    )


def _table(fields: Iterator[Field]) -> list[str]:
    """Return a table of two columns; what is null is left out."""
    rows = [f"| {name} | {_cell(name, value)} |" for name, value in fields if value is not None]
    return ["| | |", "| --- | --- |", *rows]


def _cell(name: str, value: str) -> str:
    link = link_address(value) if name == "address" else None
    return f"<{link}>" if link else as_markdown(value)


def _joined(value: str | None, word: str, further: str | None) -> str | None:
    if value is None or further is None:
        return value
    return " ".join(part for part in (value, word, further) if part)


def _number(value: float | None) -> str | None:
    """Write a number with the decimals that a reader can use: two of an amount, else four."""
    if value is None:
        return None
    written = f"{value:,.2f}" if abs(value) >= 1_000 else f"{value:.4f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
