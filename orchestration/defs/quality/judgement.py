"""What the outcomes mean: which figure moved, whether that stops publication, in plain words.

Belongs here: folding the outcomes into one judgement for each check. Does not belong here:
Great Expectations (`validation`) and Dagster (`checks`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.defs.quality import expectations as keys
from orchestration.defs.quality.figures import BASES, Figure
from orchestration.defs.quality.summaries import COUNTS
from orchestration.defs.quality.validation import Outcome


@dataclass(frozen=True)
class Judgement:
    """Whether a check passes, whether its failure stops publication, and why in one sentence."""

    passed: bool
    is_blocking: bool
    description: str


def judge_figure(
    figure_id: str, rows: Sequence[Figure], outcomes: Mapping[str, Outcome]
) -> Judgement:
    """Judge one documented figure.

    A figure without an expected verdict never stops publication by being wrong. Whatever its
    verdict, one that could not be judged properly does: that is a defect of the warehouse.

    Args:
        figure_id: as in the reference table.
        rows: its rows in `claim_verdicts`.
        outcomes: of the suite of the figures, by key.
    """
    own = outcomes[figure_id]
    defect = _defect(figure_id, rows, outcomes)
    if defect is not None:
        return Judgement(False, True, f"{figure_id}: {defect}")
    figure = rows[0]
    is_held = figure.expected is not None
    if own.missing or figure_id in outcomes[keys.DERIVED].figure_ids:
        found = f"{_documented(figure)}, but no value was derived, {figure.verdict}"
    elif not own.success or figure_id in outcomes[keys.EXPECTED].figure_ids:
        found = f"{_documented(figure)}, {_now(figure)}"
    else:
        return Judgement(True, is_held, f"{figure_id}: {_documented(figure)}, {_now(figure)}")
    was = f" (was {figure.expected})" if is_held else " (no verdict expected yet)"
    return Judgement(False, is_held, f"{figure_id}: {found}{was}")


def judge_mart(mart: str, outcomes: Mapping[str, Outcome]) -> Judgement:
    """Judge one mart by its counts."""
    failed = []
    for count in COUNTS[mart]:
        outcome = outcomes[count.name]
        if outcome.error is not None:
            failed.append(f"{count.name} could not be checked: {outcome.error}")
        elif outcome.rows != 1 or outcome.missing:
            failed.append(f"{count.name} was not counted")
        elif not outcome.success:
            failed.append(f"{count.name} is {outcome.observed[0]}: {count.why}")
    return Judgement(not failed, True, f"{mart}: {'; '.join(failed) or 'as expected'}")


def judge_figure_rows(
    ids: Sequence[str], figures: Mapping[str, Sequence[Figure]], outcomes: Mapping[str, Outcome]
) -> Judgement:
    """Judge the rows of the figures as a whole: each documented one once, and no other."""
    failed = [
        f"'{key}' could not be checked: {outcomes[key].error}"
        for key in (keys.ROWS, keys.UNIQUE, keys.IDS)
        if outcomes[key].error is not None
    ]
    total = sum(len(rows) for rows in figures.values())
    if not outcomes[keys.ROWS].success:
        failed.append(f"{total} rows for {len(ids)} documented figures")
    if not outcomes[keys.UNIQUE].success:
        repeated = sorted(name for name, rows in figures.items() if len(rows) > 1)
        failed.append(f"more than one row for {', '.join(repeated)}")
    if not outcomes[keys.IDS].success:
        failed.append(
            f"{sum(name not in ids for name in figures)} figures that have no check yet: reload "
            "the code location, which reads documented_figures.csv when it loads"
        )
    return Judgement(
        not failed,
        True,
        f"documented figures: {'; '.join(failed) or f'{total} rows, one for each'}",
    )


def _defect(figure_id: str, rows: Sequence[Figure], outcomes: Mapping[str, Outcome]) -> str | None:
    for key in (figure_id, keys.DERIVED, keys.VERDICT, keys.TOLERANCE, keys.EXPECTED, keys.UNIQUE):
        if outcomes[key].error is not None:
            return f"could not be checked: {outcomes[key].error}"
    if not rows or outcomes[figure_id].rows == 0:
        return "has no row in claim_verdicts"
    if len(rows) > 1 or figure_id in outcomes[keys.UNIQUE].figure_ids:
        return f"has {len(rows)} rows in claim_verdicts"
    if figure_id in outcomes[keys.VERDICT].figure_ids:
        return "has a verdict that is none of the known ones"
    if figure_id in outcomes[keys.TOLERANCE].figure_ids:
        return f"is a number in {rows[0].unit} without an interval"
    return None


def _documented(figure: Figure) -> str:
    if not figure.is_number:
        return f"documented '{figure.stated_text or 'nothing'}'"
    return f"documented {_number(figure.stated_value, figure.unit)} {figure.interval_text}"


def _now(figure: Figure) -> str:
    if not figure.is_number:
        return f"verdict now {figure.verdict}"
    bounds = [each for each in (figure.interval_low, figure.interval_high) if each is not None]

    def written(value: float | None) -> str:
        return _number(value, figure.unit, bounds)

    found = []
    if figure.derived_close_value is not None:
        found.append(f"{written(figure.derived_close_value)} {BASES['close_to_close']}")
    if figure.basis == "intraday_range":
        # the deciding value was possible, not quoted: the range is what can be shown
        low, high = written(figure.derived_low_value), written(figure.derived_high_value)
        found.append(f"{low} to {high} {BASES['intraday_range']}")
    elif figure.basis != "close_to_close" or not found:
        where = BASES.get(figure.basis or "", "on no named basis")
        if figure.basis is not None or not found:
            found.append(f"{written(figure.derived_value)} {where}")
    return f"derived now {', '.join(found)}, {figure.verdict}"


def _number(value: float | None, unit: str, bounds: Sequence[float] | None = None) -> str:
    """Write a number; with bounds, with as many decimals as show on which side of them it lies."""
    if value is None:
        return "nothing"
    is_billions = unit in ("usd", "eur") and abs(value) >= 1e9
    scale, suffix = (1e9, f" billion {unit}") if is_billions else (1.0, "")
    scaled = value / scale
    if bounds is None:
        return f"{scaled:g}{suffix}"
    for decimals in range(2, 9):
        written = f"{scaled:.{decimals}f}"
        if all((float(written) * scale < each) == (value < each) for each in bounds):
            break
    return written + suffix
