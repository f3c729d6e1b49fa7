"""One blocking asset check for each documented figure, for each mart with a suite, for extraction.

Belongs here: the checks' names and what Dagster shows of them. Does not belong here: what is
expected (`expectations`, `summaries`) and when a figure has moved (`judgement`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.defs.publishing.fingerprint import forget_build
from orchestration.defs.quality.expectations import FIGURES, figure_suite
from orchestration.defs.quality.extraction import (
    SCORES,
    Score,
    judge_scores,
    read_scores,
    score_suite,
)
from orchestration.defs.quality.figures import Figure, read_figures
from orchestration.defs.quality.judgement import (
    Judgement,
    judge_figure,
    judge_figure_rows,
    judge_mart,
)
from orchestration.defs.quality.summaries import COUNTS, mart_suite, summarise
from orchestration.defs.quality.validation import Validation, validate
from orchestration.defs.reference.light import figure_ids
from orchestration.settings import Settings, load_settings

CLAIMS = "claim_verdicts"
ROWS_CHECK = "documented_figures_are_complete"
SCORES_CHECK = dg.AssetCheckKey(dg.AssetKey(SCORES), "digests_are_read_in_full")


@dataclass(frozen=True)
class Report:
    """Everything that one run of the quality step found."""

    figures: Mapping[str, Sequence[Figure]]
    scores: Sequence[Score]
    counts: Mapping[str, Mapping[str, int]]
    judgements: Mapping[dg.AssetCheckKey, Judgement]
    validation: Validation


def figure_check(figure_id: str) -> dg.AssetCheckKey:
    """Return the check of one documented figure."""
    return dg.AssetCheckKey(dg.AssetKey(CLAIMS), f"documented_{figure_id.replace('-', '_')}")


def mart_check(mart: str) -> dg.AssetCheckKey:
    """Return the check of one mart's counts."""
    return dg.AssetCheckKey(dg.AssetKey(mart), f"{mart}_counts")


def inspect(settings: Settings, ids: Sequence[str]) -> Report:
    """Check the built warehouse against paper.

    Args:
        settings: where the warehouse is and the Data Docs go.
        ids: the documented figures.

    Raises:
        duckdb.Error: a mart is missing, lacks a column, or a writer has the warehouse open.
    """
    figures = read_figures(settings.warehouse_path)
    scores = read_scores(settings.warehouse_path)
    counts = summarise(settings.warehouse_path)
    validation = validate(
        [
            figure_suite(ids, figures),
            score_suite(scores, len(ids)),
            *(mart_suite(mart, counts[mart]) for mart in COUNTS),
        ],
        settings.data_docs_dir,
    )
    outcomes = validation.outcomes
    return Report(
        figures=figures,
        scores=scores,
        counts=counts,
        judgements={
            **{
                figure_check(name): judge_figure(name, figures.get(name, ()), outcomes[FIGURES])
                for name in ids
            },
            dg.AssetCheckKey(dg.AssetKey(CLAIMS), ROWS_CHECK): judge_figure_rows(
                ids, figures, outcomes[FIGURES]
            ),
            SCORES_CHECK: judge_scores(scores, len(ids), outcomes[SCORES]),
            **{mart_check(mart): judge_mart(mart, outcomes[mart]) for mart in COUNTS},
        },
        validation=validation,
    )


IDS = tuple(figure_ids(load_settings().reference_dir / "documented_figures.csv"))


@dg.multi_asset_check(
    specs=[
        *(
            dg.AssetCheckSpec(
                figure_check(name).name,
                asset=CLAIMS,
                description=f"Documented figure `{name}` still derives to what it printed.",
                blocking=True,
            )
            for name in IDS
        ),
        dg.AssetCheckSpec(
            ROWS_CHECK,
            asset=CLAIMS,
            description="Each documented figure is judged once, and no other.",
            blocking=True,
        ),
        dg.AssetCheckSpec(
            SCORES_CHECK.name,
            asset=SCORES_CHECK.asset_key,
            description="The extractor finds each documented figure of the project's own digests, "
            "and no other claim about a price in them.",
            blocking=True,
        ),
        *(
            dg.AssetCheckSpec(
                mart_check(mart).name,
                asset=mart,
                description="; ".join(f"`{count.name}`: {count.why}" for count in counts) + ".",
                blocking=True,
            )
            for mart, counts in COUNTS.items()
        ),
    ],
    can_subset=True,
    compute_kind="great_expectations",
    description="Great Expectations: documented figures, extraction and marts, in one validation.",
)
def quality(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Report each selected check; stop the run, naming what moved, when one stops publication."""
    settings = load_settings()
    report = inspect(settings, IDS)
    stages = ", ".join(f"{name} {took} s" for name, took in report.validation.seconds.items())
    passed = sum(judgement.passed for judgement in report.judgements.values())
    context.log.info(f"quality: {passed} of {len(report.judgements)} checks passed ({stages})")
    stopped = []
    for key in sorted(context.selected_asset_check_keys):
        judgement = report.judgements[key]
        if judgement.is_blocking and not judgement.passed:
            stopped.append(judgement.description)
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=judgement.passed,
            severity=dg.AssetCheckSeverity.ERROR
            if judgement.is_blocking
            else dg.AssetCheckSeverity.WARN,
            description=judgement.description,
            metadata=_metadata(report, key),
        )
    if stopped:
        # What failed its checks is not to be published by hand either.
        forget_build(settings)
        raise dg.Failure(
            description=f"not published, failed checks ({len(stopped)}): {'; '.join(stopped)}",
            allow_retries=False,
        )


def _metadata(report: Report, key: dg.AssetCheckKey) -> Mapping[str, Any]:
    docs = {"data docs": dg.MetadataValue.path(report.validation.data_docs)}
    if key == SCORES_CHECK:
        return {"scores": _scores(report.scores), **docs}
    figure = next(
        (rows[0] for name, rows in report.figures.items() if figure_check(name) == key and rows),
        None,
    )
    if figure is None:
        return {**report.counts.get(key.asset_key.path[-1], {}), **docs}
    url = figure.article_url or ""
    shown = {
        "stated": figure.stated_text,
        "interval": figure.interval_text,
        "derived": figure.derived_value,
        "derived at the close": figure.derived_close_value,
        "derived range": None
        if figure.derived_low_value is None
        else f"{figure.derived_low_value:g} to {figure.derived_high_value:g}",
        "basis": figure.basis,
        "verdict": figure.verdict,
        "expected verdict": figure.expected,
        "explanation": figure.explanation,
        "source": figure.publisher,
        # A feed may print any scheme; only these may become a link.
        "article": dg.MetadataValue.url(url)
        if url.startswith(("https://", "http://"))
        else figure.article_id,
        "correction": figure.correction_citation if figure.rests_on_correction else None,
    }
    return {name: value for name, value in shown.items() if value is not None} | docs


def _scores(scores: Sequence[Score]) -> dg.TableMetadataValue:
    """Return recall and precision by article and language; ids and codes only."""
    return dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "article": score.article_id,
                    "language": score.language or "unknown",
                    "documented": score.documented_figures,
                    "missed": score.missed_figure_ids or "",
                    "extra": score.extra_claims,
                    "recall, %": score.recall_pct,
                    "precision, %": "" if score.precision_pct is None else score.precision_pct,
                }
            )
            for score in scores
        ]
    )
