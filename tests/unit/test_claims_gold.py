"""The project's own digests: every documented figure is found, and no other price claim."""

import csv
from collections.abc import Iterator

import pytest

from orchestration.defs.claims.claim import Claim
from orchestration.defs.claims.extract import Reader
from orchestration.defs.news.article import Article
from orchestration.defs.news.front_matter import parse_article
from tests.claim_corpus import reader
from tests.conftest import ROOT

DIGESTS = sorted((ROOT / "data" / "recorded" / "news").glob("*.md"))
COLUMNS = ("measure", "direction", "stated_value", "stated_value_to", "unit", "qualifier")


def read(path: str) -> tuple[Article, list[Claim]]:
    article = parse_article((ROOT / "data" / "recorded" / "news" / path).read_bytes())
    assert article.language
    assert article.published_at
    by: Reader = reader(article.language)
    return article, by.claims(article.title, article.body, article.published_at)


def documented(article_id: str) -> Iterator[dict[str, str]]:
    path = ROOT / "data" / "reference" / "documented_figures.csv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["article_id"] == article_id)


def as_documented(row: dict[str, str]) -> tuple[str | float | None, ...]:
    values = tuple(row[name] or None for name in COLUMNS)
    return (row["symbol"] or None, float(row["scale"] or 1), *values)


def as_found(claim: Claim) -> tuple[str | float | None, ...]:
    return (claim.symbol, claim.scale, *(getattr(claim, name) for name in COLUMNS))


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_every_documented_figure_is_found_and_no_other_price_claim(path) -> None:  # type: ignore[no-untyped-def]
    article, claims = read(path.name)
    found = [as_found(claim) for claim in claims]
    expected = [as_documented(row) for row in documented(article.article_id)]
    assert expected
    assert [figure for figure in expected if figure not in found] == []
    others = [claim for claim in claims if as_found(claim) not in expected]
    assert [claim for claim in others if claim.is_price_family] == []


def test_other_families_have_their_subjects() -> None:
    _, english = read("economist-2025-01-27.md")
    _, dutch = read("trends-2025-01-28.md")
    found = {
        (claim.subject, claim.measure, claim.stated_value)
        for claim in [*english, *dutch]
        if not claim.is_price_family
    }
    assert found >= {
        ("three cloud giants and Meta", "spending", "180"),
        ("three cloud giants and Meta", "growth", "57"),
        ("Microsoft", "spending", "80"),
        ("Meta", "spending", "65"),
        ("Venture capital", "spending", "132"),
        ("Jensen Huang", "wealth_change", "20.1"),
        ("Larry Ellison", "wealth_change", "22.6"),
        ("Michael Dell", "wealth_change", "13"),
        ("Mark Zuckerberg", "wealth_change", "4.3"),
        ("Jeff Bezos", "wealth_change", "632"),
        ("Meta", "spending", "60"),
    }
