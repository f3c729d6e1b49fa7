"""`make bench`: how fast articles are read on one core, and how well each language is read.

CPU seconds, so that other processes count less; no thresholds here: the README states the target
and what was measured. The articles are the project's digests, and as the worst case the corpus
itself, where every sentence has a figure. They are cut to 5 kB.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle

from orchestration.defs.claims.extract import Reader
from orchestration.defs.claims.language import languages
from orchestration.defs.news.front_matter import parse_article
from tests.claim_corpus import CORPUS, reader, score, sentences
from tests.conftest import ROOT

BYTES = 5_000
MOMENT = datetime(2025, 1, 28, 20, tzinfo=UTC)


def digests() -> dict[str, str]:
    """Return the body of a digest by language."""
    folder = ROOT / "data" / "recorded" / "news"
    articles = [parse_article(path.read_bytes()) for path in sorted(folder.glob("*.md"))]
    return {str(article.language): article.body for article in articles}


def filled(texts: Sequence[str]) -> str:
    """Return texts one after the other, again from the first, up to 5 kB."""
    made: list[str] = []
    size = 0
    for text in cycle(texts):
        if size >= BYTES:
            break
        made.append(text)
        size += len(text.encode()) + 2
    return "\n\n".join(made).encode()[:BYTES].decode(errors="ignore")


def per_minute(read: Reader, text: str, seconds: float) -> float:
    """Return how many articles of this text one core reads in a minute."""
    read.claims("", text, MOMENT)
    begun, count = time.process_time(), 0
    while (spent := time.process_time() - begun) < seconds:
        read.claims("", text, MOMENT)
        count += 1
    return 60 * count / spent


def main() -> None:
    """Print one line for each language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds = parser.parse_args().seconds
    bodies = digests()
    print("language  expected  recall  precision  articles of 5 kB a minute: digest   corpus")
    for language in languages():
        read, corpus = reader(language), CORPUS / f"{language}.csv"
        reached = score(read, corpus)
        dense = filled([sentence.text for sentence in sentences(corpus)])
        prose = (
            f"{per_minute(read, filled([bodies[language]]), seconds):8,.0f}"
            if language in bodies
            else "       -"
        )
        print(
            f"{language:8}  {reached.expected:8}  {reached.recall:6.3f}  {reached.precision:9.3f}"
            f"  {prose:>33}  {per_minute(read, dense, seconds):7,.0f}"
        )


if __name__ == "__main__":
    main()
