"""Each rule on a sentence of its own: whom, what, when, and what is no claim."""

from datetime import UTC, datetime

import pytest

from orchestration.defs.claims.claim import DOUBTS, RULES, Claim, confidence
from tests.claim_corpus import reader

TUESDAY = datetime(2025, 1, 28, 20, tzinfo=UTC)
READERS = {language: reader(language) for language in ("en", "nl", "vi")}


def read(text: str, language: str = "en", title: str = "") -> list[Claim]:
    return READERS[language].claims(title, text, TUESDAY)


def said(text: str, language: str = "en") -> list[tuple[str | None, str | None, str | None, str]]:
    return [(c.symbol, c.direction, c.stated_value, c.rule) for c in read(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia fell 17%.", [("NVDA", "down", "17", "subject_verb_value")]),
        ("Nvidia (-17%) was weak.", [("NVDA", "down", "17", "signed")]),
        ("A 17% fall in Nvidia shares hurt.", [("NVDA", "down", "17", "noun_of_subject")]),
        ("Down 17% was Nvidia.", [("NVDA", "down", "17", "value_before_subject")]),
        (
            "Alphabet, Amazon and Microsoft fell 3%, 1% and 2% respectively.",
            [
                ("GOOGL", "down", "3", "respectively"),
                ("AMZN", "down", "1", "respectively"),
                ("MSFT", "down", "2", "respectively"),
            ],
        ),
        (
            "Alphabet had lost 3%, Amazon 1% and Microsoft 2%.",
            [
                ("GOOGL", "down", "3", "subject_verb_value"),
                ("AMZN", "down", "1", "list_item"),
                ("MSFT", "down", "2", "list_item"),
            ],
        ),
        (
            "Vistra and Oracle both lost 20%.",
            [("VST", "down", "20", "shared_value"), ("ORCL", "down", "20", "shared_value")],
        ),
        ("Amazon ended higher.", [("AMZN", "up", None, "direction_only")]),
        (
            "Nvidia fell 17% to $118.42.",
            [
                ("NVDA", "down", "17", "subject_verb_value"),
                ("NVDA", "down", "118.42", "subject_verb_level"),
            ],
        ),
        (
            "Nvidia shed $589bn of its market value.",
            [("NVDA", "down", "589", "market_value")],
        ),
        (
            "Nvidia fell 17%, its largest fall since March 2020.",
            [
                ("NVDA", "down", "17", "subject_verb_value"),
                ("NVDA", "down", "2020-03", "extreme_since"),
            ],
        ),
        ("The month was among the ten worst for Nvidia.", []),
        (
            "Monday was among the ten worst days ever for Nvidia.",
            [("NVDA", "down", "10", "rank_of_day")],
        ),
        ("Meta erased early losses.", [("META", "up", None, "recovery")]),
        ("Nvidia's revenue rose 12%.", [("NVDA", "up", "12", "other_family")]),
    ],
)
def test_a_rule_finds_its_claim(
    text: str, expected: list[tuple[str | None, str | None, str | None, str]]
) -> None:
    assert said(text) == expected


def test_list_items_take_over_from_the_line_above() -> None:
    text = "- Nvidia giảm 17%, Alphabet giảm 3%\n- Amazon giảm 1%"
    found = [(symbol, value) for symbol, _, value, _ in said(text, "vi")]
    assert found == [("NVDA", "17"), ("GOOGL", "3"), ("AMZN", "1")]
    intro = read("Losers at the close on Monday:\n- Vistra: -28%\n- Oracle: -14%")
    assert {(c.as_of, c.stated_date) for c in intro} == {("close", "2025-01-27")}


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia did not fall 17%.",
        "Nvidia would fall 17% if rules tighten.",
        "If Nvidia falls 5%, Apple loses 2%.",
        "Did Nvidia fall 17%?",
        "Analysts expect Nvidia to rise 25% and Apple to gain 3%.",
        "The bank cut its price target for Nvidia to $152.",
        "Microsoft holds 24% of the market.",
        "Jensen Huang, 61, has run Nvidia since 1993.",
        "See https://a.example/nvidia-shares-fell-17-percent for more.",
    ],
)
def test_no_claim(text: str) -> None:
    assert [claim for claim in read(text) if claim.is_price_family] == []


def test_a_pronoun_means_the_last_named_company() -> None:
    text = "Nvidia led the losers. The S&P 500 fell 1.5%. The stock closed at $118.42."
    assert [(c.symbol, c.measure) for c in read(text)] == [
        ("^GSPC", "price_change"),
        ("NVDA", "price_level"),
    ]
    assert read(text)[1].confidence == confidence("subject_verb_level", {"pronoun"})


def test_shares_of_nobody_named_are_no_pronoun() -> None:
    assert read("Nvidia spoke. Chip stocks fell 9%.") == []


def test_a_compound_is_not_the_company() -> None:
    assert [
        c.subject for c in read("Nvidia-topman Jensen Huang werd 20 miljard dollar armer.", "nl")
    ] == ["Jensen Huang"]
    assert [c.symbol for c in read("Het Nvidia-aandeel daalde 17 procent.", "nl")] == ["NVDA"]


def test_the_longest_alias_wins_and_the_exchange_is_no_index() -> None:
    assert [c.symbol for c in read("Siemens Energy fell 20%, Siemens 1%.")] == ["ENR.DE", None]
    assert [c.symbol for c in read("Nvidia (NASDAQ: NVDA) fell 17%.")] == ["NVDA"]
    assert [c.symbol for c in read("The Nasdaq-100 lost 3%.")] == ["^NDX"]


def test_a_city_or_a_currency_chooses_the_listing() -> None:
    assert [c.symbol for c in read("Cameco fell 15% in New York and 14% in Toronto.")] == [
        "CCJ",
        "CCO.TO",
    ]
    assert [c.symbol for c in read("ASML closed at €655.40.")] == ["ASML.AS"]


@pytest.mark.parametrize(
    ("text", "as_of", "period", "stated_date", "rule"),
    [
        ("Nvidia fell 17%.", "unstated", "session", None, "none"),
        ("Nvidia closed 17% lower on Monday.", "close", "session", "2025-01-27", "weekday"),
        ("Nvidia fell 17% last Tuesday.", "unstated", "session", "2025-01-21", "weekday"),
        ("Nvidia fell 17% on Tuesday.", "unstated", "session", "2025-01-28", "weekday"),
        ("Nvidia fell 17% yesterday.", "unstated", "session", "2025-01-27", "yesterday"),
        ("Nvidia fell 17% today.", "unstated", "session", "2025-01-28", "today"),
        ("Nvidia fell 17% on 30 December.", "unstated", "session", "2024-12-30", "explicit_date"),
        ("Nvidia is down 3%.", "time_of_writing", "session", None, "none"),
        ("Nvidia opened 3% lower.", "open", "session", None, "none"),
        ("Nvidia fell as much as 18%.", "intraday_low", "session", None, "none"),
        ("Nvidia rose as much as 8%.", "intraday_high", "session", None, "none"),
        ("In premarket trading Nvidia fell 11%.", "premarket", "session", None, "none"),
        ("Nvidia rose 3% this week.", "unstated", "week", None, "none"),
        ("In January Nvidia rose 3%.", "unstated", "month", None, "none"),
        ("Nvidia rose 3% so far this year.", "unstated", "year_to_date", None, "none"),
        ("Over two sessions Nvidia rose 3%.", "unstated", "two_session", None, "none"),
        ("Nvidia rose 30% in three years.", "unstated", "other", None, "none"),
        ("Nvidia rose 30% since March.", "unstated", "other", None, "none"),
    ],
)
def test_when(text: str, as_of: str, period: str, stated_date: str | None, rule: str) -> None:
    (claim,) = read(text)
    assert (claim.as_of, claim.period) == (as_of, period)
    assert (claim.stated_date, claim.stated_date_rule) == (stated_date, rule)


def test_a_bare_direction_that_a_figure_gives_is_an_echo() -> None:
    found = read("Nvidia fell 17%.", title="Nvidia tumbles")
    assert [(c.part, c.rule) for c in found] == [("body", "subject_verb_value")]
    assert [c.rule for c in read("", title="Nvidia tumbles")] == ["direction_only"]


def test_each_doubt_lowers_the_confidence_of_each_rule() -> None:
    for rule, sure in RULES.items():
        assert confidence(rule, set()) == sure
        for doubt in DOUBTS:
            assert 0 < confidence(rule, {doubt}) < sure
