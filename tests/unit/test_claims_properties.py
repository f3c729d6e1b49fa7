"""Claims written as sentences are read back; no text breaks the reader or costs too much."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.defs.claims.extract import Reader
from orchestration.defs.claims.language import languages
from tests.claim_corpus import reader

TUESDAY = datetime(2025, 1, 28, 20, tzinfo=UTC)
SUBJECTS = {
    "Nvidia": "NVDA",
    "Alphabet": "GOOGL",
    "Siemens Energy": "ENR.DE",
    "Oracle": "ORCL",
    "Vistra": "VST",
    "S&P 500": "^GSPC",
}
# One way to write a move in each language; {v} is the figure in the language's own form.
SENTENCES = {
    "en": {"down": "{s} fell {v}%.", "up": "{s} rose {v} percent."},
    "nl": {"down": "{s} verloor {v} procent.", "up": "{s} sloot {v} procent hoger."},
    "de": {"down": "{s} verlor {v} Prozent.", "up": "{s} ist um {v} Prozent gestiegen."},
    "fr": {"down": "{s} a perdu {v} %.", "up": "{s} a gagné {v} %."},
    "es": {"down": "{s} cayó un {v}%.", "up": "{s} subió un {v}%."},
    "it": {"down": "{s} ha perso il {v}%.", "up": "{s} ha guadagnato il {v}%."},
    "pt": {"down": "{s} caiu {v}%.", "up": "{s} subiu {v}%."},
    "vi": {"down": "Cổ phiếu {s} giảm {v}%.", "up": "{s} tăng {v}%."},
}
VALUES = st.decimals(min_value=Decimal("0.1"), max_value=Decimal("99.9"), places=1) | st.integers(
    min_value=1, max_value=99
).map(Decimal)


@cache
def reads(language: str) -> Reader:
    return reader(language)


def test_every_language_has_a_way_to_write_a_move() -> None:
    assert set(SENTENCES) == set(languages())


@pytest.mark.parametrize("language", SENTENCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_move_that_is_written_is_read_back(language: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 3))
    names = data.draw(
        st.lists(st.sampled_from(list(SUBJECTS)), min_size=count, max_size=count, unique=True)
    )
    moves = [
        (name, data.draw(VALUES), data.draw(st.sampled_from(["up", "down"]))) for name in names
    ]
    mark = "." if language == "en" else ","
    text = " ".join(
        SENTENCES[language][way].format(s=name, v=str(value).replace(".", mark))
        for name, value, way in moves
    )
    found = [
        (c.symbol, c.measure, c.direction, c.stated_value, c.unit, c.qualifier, c.period)
        for c in reads(language).claims("", text, TUESDAY)
    ]
    assert found == [
        (SUBJECTS[name], "price_change", way, str(value), "percent", "exact", "session")
        for name, value, way in moves
    ]


SIGNS = ["\n", "-", "\u200f", "\u0301"]
WORDS = [
    *SIGNS,
    "Nvidia",
    "Apple",
    "fell",
    "rose",
    "17%",
    "3",
    "percent",
    "to",
    "$118",
    "by",
    "almost",
    "between",
    "and",
    ",",
    ";",
    ":",
    "(",
    ")",
    "-",
    ".",
    "?",
    "not",
    "if",
    "which",
    "while",
    "after",
    "since",
    "March",
    "2020",
    "largest",
    "its",
    "shares",
    "revenue",
    "respectively",
    "99999999999999999999",
    "1,2,3",
    "&amp;",
    "<p>",
    "</div>",
    "<script>alert(1)</script>",
    "[x](javascript:1)",
]
SOUP = st.text(max_size=400) | st.lists(
    st.sampled_from(WORDS) | st.text(max_size=6), max_size=120
).map(" ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=SOUP, body=SOUP, language=st.sampled_from(["en", "de", "vi"]))
def test_no_text_breaks_the_reader(title: str, body: str, language: str) -> None:
    claims = reads(language).claims(title, body, TUESDAY)
    assert claims == reads(language).claims(title, body, TUESDAY)
    for claim in claims:
        text = unicodedata.normalize("NFC", title if claim.part == "title" else body)
        assert 0 <= claim.span_start < claim.span_end <= len(text)
        assert 0 < claim.confidence <= 1


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of the extractor run: a clock that no other process disturbs."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        nonlocal count
        if event == "line":
            count += 1
        return trace if "claims" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


HARD = {
    "one sentence": "Nvidia fell 3% and ",
    "nothing but names": "Nvidia, ",
    "nothing but figures": "17% ",
    "nothing but commas": ",",
    "brackets": "(",
    "quantities": "3 to ",
    "digits": "1,",
    "one word": "a",
    "capitals": "Aa ",
    "line breaks": "\n",
    "dates": "27 January ",
    "qualifiers": "more than almost ",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_the_cost_per_kilobyte_does_not_grow_with_the_text(text: str) -> None:
    short, long = text * (4_000 // len(text)), text * (16_000 // len(text))
    read = reads("en")
    read.claims("", long, TUESDAY)
    few = steps(lambda: read.claims("", short, TUESDAY))
    many = steps(lambda: read.claims("", long, TUESDAY))
    assert many <= 5 * few + 1_000
    assert many <= 16_000 * 400


@pytest.mark.parametrize(
    "text", ["Nvidia fell 3% and ", "\u200f", "x"], ids=["dense", "unseen", "word"]
)
def test_ten_megabytes_of_one_line(text: str) -> None:
    size = 10_000_000 if text != "Nvidia fell 3% and " else 500_000
    begun = time.process_time()
    reads("en").claims("", text * (size // len(text)), TUESDAY)
    assert time.process_time() - begun < 60
