"""How well the extractor reads the project's own digests, whose every figure is documented.

Belongs here: reading `extraction_scores`, what its rows are held to, and what an outcome means in
words. Does not belong here: comparing claims with figures (dbt) and running a suite (`validation`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from orchestration.defs.quality.expectations import Expectation, Suite
from orchestration.defs.quality.judgement import Judgement
from orchestration.defs.quality.validation import Outcome

SCORES = "extraction_scores"
ALL, RECALL, PRECISION = "every figure is scored", "no figure is missed", "no claim is extra"


@dataclass(frozen=True)
class Score:
    """One row of `extraction_scores`; columns as there."""

    article_id: str
    language: str | None
    is_gold: bool
    documented_figures: int
    found_figures: int
    missed_figures: int
    missed_figure_ids: str | None
    extra_claims: int
    recall_pct: float
    precision_pct: float | None


def read_scores(warehouse: Path) -> list[Score]:
    """Return the scores of all articles with documented figures, by article.

    Raises:
        duckdb.Error: the mart is missing, lacks a column, or a writer has the file open.
    """
    import duckdb

    columns = ", ".join(field.name for field in fields(Score))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            f"select {columns} from marts.{SCORES} order by article_id"  # noqa: S608 - our own words
        ).fetchall()
    return [Score(*row) for row in rows]


def score_suite(scores: Sequence[Score], documented: int) -> Suite:
    """Return the suite of the scores; ids and texts stay out of its frame.

    Args:
        scores: the rows that the warehouse holds.
        documented: how many figures the reference table documents.
    """
    of_digests = ("held_to", "100 percent")
    return Suite(
        name=SCORES,
        frame={
            "documented_figures": [score.documented_figures for score in scores],
            "held_to": ["100 percent" if score.is_gold else "nothing" for score in scores],
            "recall_pct": [score.recall_pct for score in scores],
            "precision_pct": [score.precision_pct for score in scores],
        },
        expectations=[
            Expectation(
                ALL,
                "ExpectColumnSumToBeBetween",
                {
                    "column": "documented_figures",
                    "min_value": documented,
                    "max_value": documented,
                },
            ),
            Expectation(
                RECALL,
                "ExpectColumnValuesToBeBetween",
                {"column": "recall_pct", "min_value": 100},
                where=of_digests,
            ),
            Expectation(
                PRECISION,
                "ExpectColumnValuesToBeBetween",
                {"column": "precision_pct", "min_value": 100},
                where=of_digests,
            ),
        ],
    )


def judge_scores(
    scores: Sequence[Score], documented: int, outcomes: Mapping[str, Outcome]
) -> Judgement:
    """Judge the reading of the digests: each documented figure found, and no other price claim."""
    failed = [
        f"'{key}' could not be checked: {outcome.error}"
        for key, outcome in outcomes.items()
        if outcome.error is not None
    ]
    if not outcomes[ALL].success:
        scored = sum(score.documented_figures for score in scores)
        failed.append(f"{scored} figures are scored and {documented} documented")
    gold = [score for score in scores if score.is_gold]
    if not outcomes[RECALL].success:
        failed += [
            f"{score.article_id} ({score.language}) was read without {score.missed_figure_ids}"
            for score in gold
            if score.missed_figures
        ]
    if not outcomes[PRECISION].success:
        failed += [
            f"{score.article_id} ({score.language}) was read with {score.extra_claims} claims that "
            "are no documented figure"
            for score in gold
            if score.extra_claims
        ]
    found = sum(score.found_figures for score in gold)
    return Judgement(
        not failed,
        True,
        f"extraction: {'; '.join(failed) or f'all {found} figures of {len(gold)} digests found'}",
    )
