"""Markup, languages and fingerprints; and nothing raises on any text."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.defs.news.article import Article, ArticleError
from orchestration.defs.news.datelines import dateline
from orchestration.defs.news.fingerprint import fingerprint
from orchestration.defs.news.formats import json_file, mail, page, plain
from orchestration.defs.news.languages import detect
from orchestration.defs.news.markup import text_of
from orchestration.defs.news.text import one_line, tidy

SENTENCES = {
    "en": "Shares of the chip maker fell sharply on Monday.",
    "nl": "Het aandeel sloot net geen 17 procent lager.",
    "vi": "Cổ phiếu giảm mạnh vào thứ Hai.",
    "de": "Anleger trennten sich am Montag von Chipwerten.",
    "fr": "Les investisseurs ont vendu des valeurs technologiques.",
    "es": "Las acciones cayeron un 17 % el lunes.",
    "it": "Gli investitori hanno venduto i titoli tecnologici.",
    "pt": "Os investidores venderam ações de tecnologia.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_language_of_one_sentence_is_known(language: str) -> None:
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", "17 %", "NVDA", "<script>alert(1)</script>"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_markup_becomes_lines_of_text() -> None:
    markup = (
        "<h2>Head</h2><p>Shares of <b>Nvidia</b>\n fell&nbsp;17&#37;.<br>Then</p>"
        "<ul><li>one<li>two</ul><table><tr><td>a<td>b</table>tail"
        "<style>x</style><p hidden>unseen</p><div aria-hidden=true>nor</div>"
    )
    lines = ["Head", "Shares of Nvidia fell 17%.", "Then", "one", "two", "a b", "tail"]
    assert text_of(markup).split("\n") == lines


def test_text_that_holds_no_markup_stays_as_it_is() -> None:
    assert text_of("5 < 6 & 7 > 3") == "5 < 6 & 7 > 3"
    assert text_of("plain\ntext") == "plain\ntext"


def test_a_fingerprint_estimates_the_runs_in_common() -> None:
    words = [f"word{number}" for number in range(400)]
    changed = [f"other{number}" if number % 20 == 0 else word for number, word in enumerate(words)]
    one, two = fingerprint(" ".join(words)), fingerprint(" ".join(changed).upper() + "!")
    assert one is not None
    assert two is not None
    # 398 runs each, of which every change takes 3: 338 in common of 458
    shared = sum(a == b for a, b in zip(one, two, strict=True)) / 60
    assert abs(shared - 338 / 458) < 2 * 0.065
    assert fingerprint("two words") is None
    assert fingerprint("giảm 17 phần trăm") != fingerprint("tăng 17 phần trăm")


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert (fingerprint("shares of nvidia fell") or [])[:3] == FIRST_THREE


FIRST_THREE = [1423141462, 2217004922, 2037100553]


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(text: str) -> None:
    fingerprint(text)
    dateline(text)
    one_line(text)
    tidy(text)
    for wrapped in (text, f"<p title='{text}'>{text}</p>", f"<![CDATA[{text}]]><!--{text}"):
        with suppress(ArticleError):
            text_of(wrapped)


@given(st.binary(max_size=400), st.sampled_from([plain, page, mail, json_file]))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_but_their_reason(data: bytes, reader: object) -> None:
    heads = [b"", b"---\n", b"Subject: =?utf-8?b?", b"<meta charset=", b'{"title": "', b"\xff\xfe"]
    for head in heads:
        try:
            found = list(reader.articles(head + data, "name"))  # type: ignore[attr-defined]
        except ArticleError:
            continue
        assert all(each.title for each in found if isinstance(each, Article))


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<a " * 100_000,
        "&amp" * 100_000,
        "<p>x" * 100_000,
        "a, " * 100_000,
        "27 " * 100_000,
        "<!--" * 100_000,
    ],
    ids=lambda text: text[:4],
)
def test_time_is_bounded_by_length(text: str) -> None:
    begun = time.process_time()
    for read in (text_of, dateline, fingerprint, one_line):
        with suppress(ArticleError):
            read(text)
    # 400 kB; what grows with the square takes minutes
    assert time.process_time() - begun < 10
