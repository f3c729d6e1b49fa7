"""Figures of every form: marks, scales, units, signs, qualifiers, lists and ranges."""

import pytest

from orchestration.defs.claims.language import LANGUAGES_DIR, load_language
from orchestration.defs.claims.marks import Figure
from orchestration.defs.claims.numerals import plain_number
from orchestration.defs.claims.subjects import Aliases
from orchestration.defs.claims.tagging import Tagger
from orchestration.defs.claims.text import tokens

LANGUAGES = {code: load_language(LANGUAGES_DIR / f"{code}.toml") for code in ("en", "nl", "vi")}


@pytest.mark.parametrize(
    ("language", "printed", "expected"),
    [
        ("en", "17", "17"),
        ("en", "16.97", "16.97"),
        ("en", "1.0", "1.0"),
        ("en", "5,012.5", "5012.5"),
        ("en", "1,000,000", "1000000"),
        ("en", "16,97", "16.97"),
        ("nl", "16,97", "16.97"),
        ("nl", "1.000", "1000"),
        ("nl", "39.565,80", "39565.80"),
        ("nl", "16.97", "16.97"),
        ("en", "1,0000", "1.0000"),
        ("en", "1,00,000", None),
        ("en", "1.2.3", None),
        ("en", "9" * 19, None),
    ],
)
def test_a_number_is_read_in_the_form_of_its_language(
    language: str, printed: str, expected: str | None
) -> None:
    assert plain_number(printed, LANGUAGES[language]) == expected


def figures(language: str, text: str) -> list[Figure]:
    marks = Tagger(LANGUAGES[language], Aliases([], language)).marks(tokens(text))
    return [mark.figure for mark in marks if mark.figure is not None]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "$589bn", Figure("589", "usd", "1000000000")),
        ("en", "1.2 trillion dollars", Figure("1.2", "usd", "1000000000000")),
        ("en", "a billion euros", Figure("1", "eur", "1000000000")),
        ("en", "seventeen percent", Figure("17", "percent")),
        ("en", "twenty-one percent", Figure("21", "percent")),
        ("en", "fell a fifth", Figure("20", "percent", qualifier="about", is_fraction=True)),
        ("en", "almost 17%", Figure("17", "percent", qualifier="just_under")),
        ("en", "3 percent or more", Figure("3", "percent", qualifier="more_than")),
        ("en", "(-17%)", Figure("17", "percent", sign="down")),
        ("en", "\u22123.2%", Figure("3.2", "percent", sign="down")),
        ("en", "+3.2%", Figure("3.2", "percent", sign="up")),
        ("en", "3-5%", Figure("3", "percent", value_to="5", qualifier="range")),
        ("en", "3 to 5 percent", Figure("3", "percent", value_to="5", qualifier="range")),
        ("en", "between 3% and 5%", Figure("3", "percent", value_to="5", qualifier="range")),
        ("en", "25 basis points", Figure("25", "basis_point")),
        ("en", "2 percentage points", Figure("2", "percentage_point")),
        ("nl", "net geen 17 procent", Figure("17", "percent", qualifier="just_under")),
        ("nl", "589 miljard dollar", Figure("589", "usd", "1000000000")),
        ("vi", "1.000 tỷ USD", Figure("1000", "usd", "1000000000")),
        ("vi", "2,9 nghìn tỷ USD", Figure("2.9", "usd", "1000000000000")),
        ("vi", "gần 17%", Figure("17", "percent", qualifier="just_under")),
    ],
)
def test_a_figure_has_its_unit_scale_sign_and_qualifier(
    language: str, text: str, expected: Figure
) -> None:
    assert figures(language, text) == [expected]


@pytest.mark.parametrize(
    "text", ["In 2024", "27 January 2025", "S&P", "aged 61", "a fifth session"]
)
def test_what_has_no_unit_is_no_figure(text: str) -> None:
    assert figures("en", text) == []


def test_a_list_shares_the_unit_of_its_last() -> None:
    found = figures("en", "fell 3, 1 and 2.5 percent")
    assert [(figure.value, figure.unit) for figure in found] == [
        ("3", "percent"),
        ("1", "percent"),
        ("2.5", "percent"),
    ]


def test_from_one_level_to_another_is_no_range() -> None:
    assert [figure.is_shift for figure in figures("en", "from 90% to 80%")] == [True, True]
