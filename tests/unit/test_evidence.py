"""Evidence files: what they say, that text from outside stays text, and names of files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from orchestration.defs.evidence.card import card
from orchestration.defs.evidence.claim_review import RATINGS, claim_reviews
from orchestration.defs.evidence.files import file_name
from orchestration.defs.evidence.outside import as_json, as_markdown, link_address
from orchestration.defs.evidence.rows import Evidence
from orchestration.defs.reference.tables import VERDICTS

ARTICLE: dict[str, Any] = {
    "article_id": "a-1",
    "story_id": "a-1",
    "publisher": "A paper",
    "title": "Chip shares fall",
    "language": "en",
    "article_url": "https://example.org/1",
    "published_at": "2025-01-27T19:33:00Z",
    "published_at_note": None,
    "first_seen_at": "2025-01-28T06:00:00Z",
}
CLAIM: dict[str, Any] = {
    "claim_id": "extracted|a-1|0",
    "subject": "Siemens Energy",
    "symbol": "ENR.DE",
    "measure": "price_change",
    "stated_text": "down 20 percent",
    "unit": "percent",
    "direction": "down",
    "as_of": "unstated",
    "period": "session",
    "session_date": "2025-01-27",
    "session_rule": "last_open",
    "interval_text": "[19.5, 20.5)",
    "basis": "close_to_close",
    "derived_value": 19.946984,
    "derived_close_value": 19.946984,
    "derived_low_value": 13.2869,
    "derived_high_value": 22.3327,
    "verdict": "confirmed",
    "nearest_reading": None,
    "slip": None,
    "slip_value": None,
    "explanation": "At the close the change was -19.95 %.",
    "close": 48.32,
    "previous_close": 60.36,
    "previous_close_session_date": "2025-01-24",
    "previous_close_source": "correction",
    "currency": "EUR",
    "price_snapshot": "recorded:37016a17",
    "prices_fetched_at": "2025-02-01T10:00:00Z",
    "correction_citation": "Frankfurt press",
    "triangulated_close_session_date": None,
    "triangulated_low_close": None,
    "triangulated_high_close": None,
    "article_part": "body",
    "span_start": 5,
    "span_end": 9,
    "extraction_rule": "subject_verb_value",
    "confidence": 0.95,
    "extractor_version": "0123456789abcdef",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![a](https://evil.example/p.png)",
    "</script><img src=x onerror=alert(1)>",
    "a | b \\| c",
    "*bold* _thin_ `code` ~~gone~~ **x**",
    "<https://evil.example>",
    "https://evil.example and www.evil.example",
    "&lt;b&gt; &#60;",
    "# no heading\n- no item\n\n| no | table |",
    "\u202egnp.exe \u2066a\u2069",
    "line\u2028break\x00\x1b[31m",
    "[x]: https://evil.example",
    "$1+1$ {{ template }}",
    "trailing \\",
)


def evidence(article: dict[str, Any] | None = None, **claim: Any) -> Evidence:
    return Evidence(article=ARTICLE | (article or {}), claims=[CLAIM | claim])


def rendered(markdown: str) -> str:
    """The page that a reader sees whose Markdown allows HTML and tables."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(reader.render(markdown))


def texts(markdown: str) -> str:
    """What is to be read on that page, without its tags."""
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", " ", rendered(markdown)))


def test_a_card_shows_verdict_bar_and_source() -> None:
    shown = " ".join(texts(card(evidence())).split())
    for said in (
        "Evidence: Chip shares fall",
        "1 confirmed",
        "1. Siemens Energy: down 20 percent",
        "At the close the change was -19.95 %.",
        "verdict confirmed",
        "session 2025-01-27 rule last_open",
        "close 48.32 EUR",
        "previous close 60.36 EUR on 2025-01-24, from correction",
        "interval [19.5, 20.5) percent down",
        "basis close_to_close",
        "derived value -19.947 percent",
        "range of the session -13.2869 to -22.3327 percent",
        "bars recorded:37016a17 fetched 2025-02-01T10:00:00Z",
        "correction Frankfurt press",
        "found in the text body, characters 5 to 9, rule subject_verb_value, confidence 0.95",
    ):
        assert said in shown, shown


def test_a_card_leaves_out_what_is_not_known() -> None:
    kept = ["claim_id", "verdict", "measure", "unit", "as_of", "period", "stated_text"]
    shown = card(Evidence(ARTICLE, [CLAIM | {name: None for name in CLAIM if name not in kept}]))
    assert "None" not in shown
    assert "previous close" not in shown


def test_evidence_of_missing_bars_names_the_implied_close_and_a_slip_its_value() -> None:
    shown = card(
        evidence(
            triangulated_close_session_date="2025-01-24",
            triangulated_low_close=60.35,
            triangulated_high_close=60.37,
            slip="digit_lost",
            slip_value=1234567.891,
        )
    )
    assert "60.35 to 60.37 EUR on 2025-01-24; evidence only" in shown
    assert "digit_lost gives -1,234,567.89" in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_only_text_in_a_card(text: str) -> None:
    page = rendered(
        card(
            evidence(
                {"title": text, "publisher": text, "published_at_note": text, "article_url": text},
                subject=text,
                explanation=text,
                correction_citation=text,
            )
        )
    )
    plain = rendered(card(evidence({"title": "t", "article_url": "x"}, correction_citation="c")))
    tags = ("<a ", "<img", "<script", "<em", "<strong", "<code", "<del", "<li", "onerror=x")
    assert [tag for tag in tags if tag in page] == []
    # the same headings and tables as with harmless text, one line of table more for the note
    assert [page.count(tag) for tag in ("<h1", "<h2", "<table", "<p")] == [
        plain.count(tag) for tag in ("<h1", "<h2", "<table", "<p")
    ]
    assert page.count("<tr") == plain.count("<tr") + 1
    assert not {"\u202e", "\u2066", "\x1b", "\x00"} & set(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_renders_as_the_text_itself(text: str) -> None:
    kept = "".join(each for each in text if each not in "\u202e\u2066\u2069")
    kept = kept.replace("\u2028", " ").replace("\x00", " ").replace("\x1b", " ")
    assert " ".join(texts(as_markdown(text)).split()) == " ".join(kept.split())


def test_a_claim_review_has_the_properties_that_readers_need() -> None:
    document = claim_reviews(evidence())
    assert document is not None
    assert document["@context"] == "https://schema.org"
    (review,) = document["@graph"]
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == "Siemens Energy: down 20 percent (session of 2025-01-27)"
    assert review["datePublished"] == "2025-02-01"
    assert review["author"] == {"@type": "Organization", "name": "Aftershock"}
    assert review["reviewBody"] == "At the close the change was -19.95 %."
    assert review["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Confirmed",
        "ratingValue": 5,
        "bestRating": 5,
        "worstRating": 1,
    }
    claim = review["itemReviewed"]
    assert claim["@type"] == "Claim"
    assert claim["author"]["name"] == "A paper"
    assert claim["appearance"]["url"] == "https://example.org/1"
    assert claim["appearance"]["headline"] == "Chip shares fall"


def test_every_verdict_has_a_rating_but_the_one_that_prices_cannot_give() -> None:
    assert set(RATINGS) == set(VERDICTS) - {"not_testable"}
    assert claim_reviews(evidence(verdict="not_testable")) is None
    for verdict, (value, name) in RATINGS.items():
        document = claim_reviews(evidence(verdict=verdict))
        assert document is not None
        rating = document["@graph"][0]["reviewRating"]
        assert rating["alternateName"] == name
        assert rating.get("ratingValue") == value


@pytest.mark.parametrize(
    ("fetched", "seen", "published", "day"),
    [
        ("2025-02-01T10:00:00Z", "2025-01-28T06:00:00Z", "2025-01-27T19:33:00Z", "2025-02-01"),
        (None, "2025-01-28T06:00:00Z", "2025-01-27T19:33:00Z", "2025-01-28"),
        ("2025-01-27T01:00:00Z", "2025-01-28T06:00:00Z", "2025-01-28T19:33:00Z", "2025-01-28"),
        (None, None, None, None),
    ],
)
def test_a_review_is_dated_by_its_data(
    fetched: str | None, seen: str | None, published: str | None, day: str | None
) -> None:
    document = claim_reviews(
        evidence({"first_seen_at": seen, "published_at": published}, prices_fetched_at=fetched)
    )
    assert document is not None
    assert document["@graph"][0].get("datePublished") == day


@pytest.mark.parametrize("text", HOSTILE)
def test_claim_reviews_may_stand_in_a_page(text: str) -> None:
    document = claim_reviews(evidence({"title": text, "article_url": text}, subject=text))
    written = as_json(document)
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == document
    assert document is not None
    assert "url" not in document["@graph"][0]["itemReviewed"]["appearance"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("https://example.org/tức", "https://example.org/t%E1%BB%A9c"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://example.org/|a", "https://example.org/%7Ca"),
        ("https://example.org/\n", None),
        ("https://example.org and more", None),
        ("javascript:alert(1)", None),
        (" https://example.org", None),
        ("data:text/html,x", None),
        ("https://", None),
        ("https:///path", None),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_only_link_addresses_become_links(address: str | None, expected: str | None) -> None:
    assert link_address(address) == expected


@pytest.mark.parametrize(
    "article_id", ["../../etc/passwd", "a/b", "", "A", ".", "a.md", "x" * 81, "con\x00", "-a"]
)
def test_an_id_that_is_no_id_names_no_file(article_id: str) -> None:
    name = file_name(article_id)
    assert name == Path(name).name
    assert name.startswith("article-")
    assert name != file_name(article_id + "!")


def test_an_id_names_its_file() -> None:
    assert file_name("economist-2025-01-27") == "economist-2025-01-27"
