"""The recorded digests state every documented figure, in the words of their language."""

import csv
import re

import pytest

from orchestration.defs.news.article import Article
from orchestration.defs.news.languages import detect
from orchestration.defs.news.sources import recorded
from orchestration.settings import ROOT, load_settings

FIGURES = list(
    csv.DictReader((ROOT / "data" / "reference" / "documented_figures.csv").open("r", newline=""))
)
POWERS = {
    ("en", "1e12"): r"\s?trn",
    ("en", "1e9"): r"\s?bn",
    ("nl", "1e9"): " miljard",
    ("nl", "1e6"): " miljoen",
}
UNITS = {
    ("en", "percent"): "%",
    ("vi", "percent"): "%",
    ("nl", "percent"): " procent",
    ("nl", "usd"): " dollar",
    ("nl", "eur"): " euro",
}
SUBJECTS = {
    "American tech companies": "American tech companies",
    "Data-centre spending 2024 of three cloud giants and Meta": "Meta spent",
    "Data-centre spending growth 2024": "data centres",
    "Microsoft AI infrastructure 2025": "Microsoft",
    "Meta AI investment 2025": "Meta",
    "Venture capital into AI start-ups 2024": "Venture",
    "US market": "Amerikaanse markt",
}


@pytest.fixture(scope="module")
def digests() -> dict[str, Article]:
    found = list(recorded.articles(load_settings({})))
    assert all(isinstance(item, Article) for item in found), found
    return {item.article_id: item for item in found if isinstance(item, Article)}


def test_there_are_three_languages(digests: dict[str, Article]) -> None:
    assert {name: digest.language for name, digest in digests.items()} == {
        "economist-2025-01-27": "en",
        "economist-2025-01-27-vi": "vi",
        "trends-2025-01-28": "nl",
    }
    assert all(detect(digest.body) == digest.language for digest in digests.values())


def test_every_digest_names_its_source_and_says_what_it_is(digests: dict[str, Article]) -> None:
    words = {"en": "This is a digest", "vi": "Đây là bản điểm tin", "nl": "Dit is een samenvatting"}
    for digest in digests.values():
        assert digest.body.startswith(words[digest.language])
        assert "Aftershock" in digest.body
        address = digest.url or digests["economist-2025-01-27"].url
        assert str(address) in digest.body
    assert digests["economist-2025-01-27-vi"].url is None


def printed(figure: dict[str, str], language: str) -> str:
    """Return a pattern for a figure as a newspaper in this language prints it."""
    value = figure["stated_value"]
    if figure["unit"] == "month":
        return "maart 2020"
    if figure["unit"] == "rank":
        return rf"top {value}\b"
    if not value:
        return {"en": r"\bup\b", "nl": r"\bhoger\b|goed\.$"}[language]
    number = re.escape(value if language == "en" else value.replace(".", ","))
    if upper := figure["stated_value_to"]:
        number += f" en {upper}"
    sign = r"\$" if language == "en" and figure["unit"] == "usd" else ""
    power = POWERS.get((language, figure["scale"]), "")
    return rf"{sign}(?<![\d.,]){number}{power}{UNITS.get((language, figure['unit']), '')}"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["figure_id"])
def test_a_digest_states_its_figure_about_its_subject(
    figure: dict[str, str], digests: dict[str, Article]
) -> None:
    digest = digests[figure["article_id"]]
    subject = SUBJECTS.get(figure["subject"], figure["subject"])
    sentences = re.split(r"(?<=[.:])\s+(?=[A-ZĐ])", digest.body)
    pattern = printed(figure, digest.language)
    near = [
        sentence
        for index, sentence in enumerate(sentences)
        if subject in " ".join(sentences[max(0, index - 2) : index + 1])
        and re.search(pattern, sentence)
    ]
    assert near, f"no sentence about {subject} with {pattern}"


def test_no_digest_states_a_percentage_that_is_not_documented(digests: dict[str, Article]) -> None:
    for name, digest in digests.items():
        documented = {
            figure["stated_value"].replace(".", ",")
            if digest.language != "en"
            else figure["stated_value"]
            for figure in FIGURES
            if figure["article_id"] == name and figure["unit"] == "percent"
        }
        stated = set(re.findall(r"([\d.,]*\d)\s?(?:%|procent)", digest.body))
        assert stated == documented - {""}
