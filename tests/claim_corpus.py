"""The corpus of sentences with the claims expected of them, and how a reading is scored.

A claim is right when all scored columns agree. Recall is the share of expected lines found,
precision the share of found claims of the price family that are expected.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.defs.claims.claim import Claim
from orchestration.defs.claims.extract import Reader
from orchestration.defs.claims.language import LANGUAGES_DIR, load_language
from orchestration.defs.claims.subjects import Aliases, Listings
from tests.conftest import ROOT

CORPUS = ROOT / "tests" / "corpus"
SCORED = (
    "symbol",
    "measure",
    "direction",
    "stated_value",
    "stated_value_to",
    "scale",
    "unit",
    "qualifier",
    "as_of",
    "period",
    "stated_date",
)
Line = tuple[str | float | None, ...]


@dataclass
class Sentence:
    """One sentence of the corpus with its expected lines."""

    sentence_id: str
    published_at: datetime
    text: str
    expected: Counter[Line] = field(default_factory=Counter)


@dataclass
class Score:
    """Counts over some sentences; `misses` tells each sentence that is not read as expected."""

    expected: int = 0
    found: int = 0
    right: int = 0
    misses: list[tuple[Sentence, Counter[Line], Counter[Line]]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a corpus file, with all lines of each."""
    by_id: dict[str, Sentence] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            published_at = datetime.fromisoformat(row["published_at"])
            sentence = by_id.setdefault(
                row["sentence_id"], Sentence(row["sentence_id"], published_at, row["sentence"])
            )
            assert sentence.text == row["sentence"], row["sentence_id"]
            if row["measure"]:
                values = {name: row[name] or None for name in SCORED}
                scale = float(row["scale"] or 1)
                sentence.expected[tuple((values | {"scale": scale})[name] for name in SCORED)] += 1
    yield from by_id.values()


def reader(language: str, folder: Path = LANGUAGES_DIR) -> Reader:
    """Return the reader of a language with the project's alias table."""
    path = ROOT / "data" / "reference" / "subject_aliases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Reader(load_language(folder / f"{language}.toml"), Aliases(rows, language), listings())


def listings() -> Listings:
    """Return the listings of the project's instruments."""
    rows = {
        name: list(csv.DictReader((ROOT / "data" / "reference" / f"{name}.csv").open()))
        for name in ("exchanges", "instruments")
    }
    cities = {row["mic"]: row["city"] for row in rows["exchanges"]}
    return Listings(row | {"city": cities[row["mic"]]} for row in rows["instruments"])


def as_line(claim: Claim) -> Line:
    """Return the scored columns of a claim."""
    return tuple(getattr(claim, name) for name in SCORED)


def score(found_by: Reader, corpus: Path) -> Score:
    """Read every sentence of a corpus file as the body of an article of its own."""
    total = Score()
    for sentence in sentences(corpus):
        claims = found_by.claims("", sentence.text, sentence.published_at)
        found = Counter(as_line(claim) for claim in claims if claim.is_price_family)
        right = found & sentence.expected
        total.expected += sentence.expected.total()
        total.found += found.total()
        total.right += right.total()
        if found != sentence.expected:
            total.misses.append((sentence, sentence.expected - right, found - right))
    return total
