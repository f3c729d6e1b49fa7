"""What a person names on the command line of a study.

Belongs here: the arguments and the files they name. Does not belong here: opening any (`case`).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from orchestration.study.folders import FolderError


@dataclass(frozen=True)
class Files:
    """What a person named on the command line."""

    prices: Path
    benchmark: Path
    events: Path
    study: str
    factors: Path | None

    def by_name(self) -> dict[str, Path]:
        """Return the series and events by what they are."""
        given = {"prices": self.prices, "benchmark": self.benchmark, "events": self.events}
        return given if self.factors is None else {**given, "factors": self.factors}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the arguments of a study."""
    parser.add_argument("--prices", required=True, help="symbol,date,close[,dividend] or date,SYM…")
    parser.add_argument("--benchmark", required=True, help="date,close, or as the prices")
    parser.add_argument("--events", required=True, help="symbol,date[,group][,event_id]")
    parser.add_argument("--study", default="", help="a study_id, or a CSV file with one row")
    parser.add_argument("--factors", default="", help="date,factor,… as fractions")
    parser.add_argument("--out", default="", help="folder of the results")
    parser.add_argument("--name", default="", help="name of the study's own data folder")
    parser.add_argument("--adjusted", action="store_true", help="suspect no missed split")


def files_of(chosen: argparse.Namespace) -> Files:
    """Return the files that were named.

    Raises:
        FolderError: one was left empty, as `make` does without a value.
    """
    for word in ("prices", "benchmark", "events"):
        if not getattr(chosen, word):
            raise FolderError(f"{word.upper()}= is empty: name a CSV file")
    return Files(
        prices=Path(chosen.prices),
        benchmark=Path(chosen.benchmark),
        events=Path(chosen.events),
        study=chosen.study or "default",
        factors=Path(chosen.factors) if chosen.factors else None,
    )
