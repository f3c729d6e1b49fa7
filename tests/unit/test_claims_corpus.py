"""The corpus: what share of the expected claims is found, and of the found ones is right.

The floors are the targets of the extractor; what is reached stands in the README and is printed
by `make bench`.
"""

from pathlib import Path

import pytest

from orchestration.defs.claims.language import languages
from orchestration.defs.claims.text import normal_form
from tests.claim_corpus import CORPUS, Sentence, reader, score, sentences

RECALL, PRECISION = 0.90, 0.95
FILES = {path.stem: path for path in sorted(CORPUS.glob("*.csv"))}


def test_every_language_has_a_corpus_and_every_corpus_a_language() -> None:
    assert set(FILES) == set(languages())


@pytest.mark.parametrize("language", FILES)
def test_a_language_reaches_its_floors(language: str) -> None:
    reached = score(reader(language), FILES[language])
    assert reached.expected >= 100
    assert reached.recall >= RECALL, f"recall {reached.recall:.3f}"
    assert reached.precision >= PRECISION, f"precision {reached.precision:.3f}"


@pytest.mark.parametrize("language", FILES)
def test_a_span_holds_the_figure_that_was_printed(language: str) -> None:
    read = reader(language)
    for sentence in sentences(FILES[language]):
        for claim in read.claims("", sentence.text, sentence.published_at):
            printed = normal_form(sentence.text)[claim.span_start : claim.span_end]
            assert printed, sentence.sentence_id
            if claim.unit not in ("month", "rank", "direction") and claim.stated_value:
                digits = "".join(filter(str.isdigit, claim.stated_value)).strip("0")
                shown = "".join(filter(str.isdigit, printed))
                is_fraction = "/" in printed  # một phần năm is also written 1/5
                assert is_fraction or not shown or digits in shown, (sentence.sentence_id, printed)


def test_a_wrong_claim_costs_recall_and_precision(tmp_path: Path) -> None:
    lines = FILES["en"].read_text(encoding="utf-8").splitlines(keepends=True)
    good = next(line for line in lines if "Salesforce (+4%)" in line)
    path = tmp_path / "en.csv"
    path.write_text(lines[0] + good.replace(",4,", ",5,"), encoding="utf-8")
    reached = score(reader("en"), path)
    assert (reached.recall, reached.precision) == (0.0, 0.0)
    assert isinstance(reached.misses[0][0], Sentence)
