"""Tokens keep their place in the text, and sentences end where a reader would end them."""

import unicodedata

import pytest

from orchestration.defs.claims.text import normal_form, sentences, tokens

ABBREVIATIONS = frozenset({"inc", "z", "b"})
MONTHS = frozenset({"januar"})


def split(text: str) -> list[str]:
    found = sentences(tokens(text), ABBREVIATIONS, MONTHS)
    return [text[sentence[0].start : sentence[-1].end] for sentence in found]


def test_a_span_gives_the_token_back() -> None:
    text = "Nvidia\u2019s aandeel: \u221216,97 % (1.000 tỷ)\n\nhttps://a.example/nvidia-daalt-17-procent"
    for token in tokens(text):
        assert text[token.start : token.end].strip() == token.text.strip()


def test_an_address_is_one_token() -> None:
    kinds = [token.kind for token in tokens("Zie https://a.example/nvidia-verliest-17-procent nu")]
    assert kinds == ["word", "address", "word"]


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200e", "\u200f", "\u202b", "\u2066", "\ufeff", "\xad"]
)
def test_unseen_signs_split_no_word_and_move_no_span(unseen: str) -> None:
    text = f"{unseen}Nvi{unseen}dia fell 1{unseen}7%"
    found = tokens(text)
    assert [token.text for token in found] == ["Nvidia", "fell", "17", "%"]
    first = found[0]
    assert text[first.start : first.end] == f"Nvi{unseen}dia"


def test_decomposed_letters_are_composed_before_spans_count() -> None:
    text = normal_form(unicodedata.normalize("NFD", "cổ phiếu"))
    assert [token.text for token in tokens(text)] == ["cổ", "phiếu"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apple rose. Nvidia fell.", ["Apple rose.", "Nvidia fell."]),
        ("Apple Inc. rose 3.5% today.", ["Apple Inc. rose 3.5% today."]),
        ("Am 27. Januar fiel Nvidia.", ["Am 27. Januar fiel Nvidia."]),
        ("It lost 17. Apple rose.", ["It lost 17.", "Apple rose."]),
        ("J. Huang spoke.", ["J. Huang spoke."]),
        ("Did it fall? No!", ["Did it fall?", "No!"]),
        ("Losers:\n- Nvidia 17%\n- Apple 1%", ["Losers:", "- Nvidia 17%", "- Apple 1%"]),
        ("a line\nthat is wrapped", ["a line\nthat is wrapped"]),
        ("a heading\n\nA text", ["a heading", "A text"]),
    ],
)
def test_sentences_end_at_their_ends(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_run_without_an_end_is_cut() -> None:
    lengths = [
        len(sentence) for sentence in sentences(tokens("word " * 1000), ABBREVIATIONS, MONTHS)
    ]
    assert lengths == [150] * 6 + [100]
