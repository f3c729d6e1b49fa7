"""Where the parts of one open-high-low-close bar lie in its drawing.

Belongs here: positions in the drawing. Does not belong here: any number that is printed; those
are columns of the marts. A claim's percentages and amounts share the axis of the prices: nothing
is at the previous close and the derived value at the close, and a scale is what lies between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 340.0, 196.0
# On both sides, for the prices of an index.
MARGIN = 14.0
TOP, BOTTOM = 14.0, 182.0
LINE_HEIGHT = 15.0


@dataclass
class Label:
    """A text beside the bar: `y` is what it names, `text_y` where it stands."""

    kind: str
    y: float
    text_y: float = 0.0


@dataclass(frozen=True)
class Drawing:
    """Everything that the template draws, in units of a WIDTH by HEIGHT picture."""

    marks: dict[str, float]
    band: tuple[float, float] | None
    left: list[Label] = field(default_factory=list)
    right: list[Label] = field(default_factory=list)
    width: float = WIDTH
    margin: float = MARGIN
    height: float = HEIGHT


def price_bar(claim: dict[str, Any]) -> Drawing | None:
    """Return the drawing of a claim's bar, or None where no bar with four prices is on file.

    Args:
        claim: a row of `article_pages`.
    """
    bar = {name: claim[f"bar_{name}"] for name in ("open", "high", "low", "close")}
    if any(value is None for value in bar.values()):
        return None
    prices = dict(bar)
    if claim["previous_close"] is not None:
        prices["previous"] = claim["previous_close"]
    scale = _claim_scale(claim)
    low = high = None
    if scale is not None:
        low, high = _at(scale, claim["interval_low"]), _at(scale, claim["interval_high"])
        if claim["basis"] in {"open", "low", "high", "last_print", "previous_session"}:
            prices["basis"] = scale(claim["derived_value"])
    shown = [*prices.values(), *(end for end in (low, high) if end is not None)]
    y = _axis(min(shown), max(shown))
    band = None
    if scale is not None and not (low is None and high is None):
        # an end that is open runs off the drawing, on the side on which the scale rises
        rises = scale(1.0) > scale(0.0)
        edges = (
            y(low) if low is not None else (BOTTOM if rises else TOP),
            y(high) if high is not None else (TOP if rises else BOTTOM),
        )
        # an interval too narrow to see is still drawn
        band = (min(edges), max(*edges, min(edges) + 1.5))
    marks = {name: y(value) for name, value in prices.items()}
    left = [Label(name, marks[name]) for name in ("high", "open", "close", "low")]
    right = [Label(name, marks[name]) for name in ("previous", "basis") if name in marks]
    if band is not None:
        right.append(Label("claim", (band[0] + band[1]) / 2))
    return Drawing(marks, band, _apart(left), _apart(right))


def _claim_scale(claim: dict[str, Any]) -> Callable[[float], float] | None:
    """Return what turns a value of the claim into a place on the price axis, if anything does."""
    derived, close, before = (
        claim["derived_close_value"],
        claim["bar_close"],
        claim["previous_close"],
    )
    if claim["measure"] == "price_level":
        return lambda value: value
    is_of_session = claim["period"] == "session"
    if not derived or before is None or not is_of_session or claim["measure"].endswith("_level"):
        return None
    return lambda value: float(before + value * (close - before) / derived)


def _at(scale: Callable[[float], float], value: float | None) -> float | None:
    return None if value is None else scale(value)


def _axis(low: float, high: float) -> Callable[[float], float]:
    span = (high - low) or abs(high) or 1.0
    return lambda price: BOTTOM - (BOTTOM - TOP) * (price - low) / span


def _apart(labels: list[Label]) -> list[Label]:
    """Spread labels so that none covers another, each as near to its mark as that allows."""
    ordered = sorted(labels, key=lambda label: label.y)
    above = TOP - LINE_HEIGHT
    for label in ordered:
        label.text_y = above = max(label.y, above + LINE_HEIGHT)
    below = BOTTOM + LINE_HEIGHT
    for label in reversed(ordered):
        label.text_y = below = min(label.text_y, below - LINE_HEIGHT)
    return ordered
