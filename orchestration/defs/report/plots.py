"""Plots of an event, drawn by matplotlib as SVG: returns with their bands, specification curves.

Belongs here: what is drawn. Does not belong here: how the drawing becomes part of a page
(`drawing`), and any number: every point is a value of a mart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orchestration.defs.report.drawing import ACCENT, BAND, FAINT, INK, MUTED, as_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = dict[str, Any]

# One unit of a drawing is one CSS pixel: a phone's column, and half of a desk's.
WIDTH = 380
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "path.simplify": False,
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.size": 11.5,
    "axes.facecolor": "none",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "text.color": INK,
}


def returns_plot(row: Row) -> str:
    """Draw abnormal returns with their intervals above cumulative ones with their band.

    Args:
        row: of `returns_around`: lists of sessions, values and ends of the 95 % intervals, percent.

    Returns:
        An SVG element.
    """
    from matplotlib.ticker import MaxNLocator

    with _figure(300) as figure:
        upper = figure.add_axes((0.115, 0.6, 0.87, 0.34))
        lower = figure.add_axes((0.115, 0.13, 0.87, 0.34), sharex=upper)
        sessions: Sequence[int] = row["sessions"]
        for axes in (upper, lower):
            axes.axhline(0, color=MUTED, linewidth=0.8)
            axes.axvline(0, color=FAINT, linewidth=6, zorder=0)
            axes.grid(axis="y", color=FAINT, linewidth=0.6)
            axes.set_axisbelow(True)
            axes.spines["left"].set_visible(False)
            axes.locator_params(axis="y", nbins=5)
        upper.vlines(
            sessions,
            _drawn(row["abnormal_low"]),
            _drawn(row["abnormal_high"]),
            color=BAND,
            linewidth=5,
        )
        upper.plot(sessions, row["abnormal"], "o", color=ACCENT, markersize=4, markeredgewidth=0)
        lower.fill_between(
            sessions, _drawn(row["cumulative_low"]), _drawn(row["cumulative_high"]),
            color=BAND, linewidth=0,
        )  # fmt: skip
        lower.plot(sessions, row["cumulative"], color=ACCENT, linewidth=1.8)
        lower.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=True))
        upper.tick_params(labelbottom=False)
        _caption(upper, "abnormal return, %")
        _caption(lower, "cumulative abnormal return, %")
        lower.set_xlabel("sessions from day 0", labelpad=3)
        return as_svg(
            figure,
            f"{row['symbol']}: abnormal and cumulative abnormal returns around day 0, "
            "with 95 % confidence intervals",
        )


def specification_plot(rows: Sequence[Row]) -> str:
    """Draw the specification curve of one window: estimates in order, and which tests reject.

    A column is a model and a length of its estimation window, from the lowest mean cumulative
    abnormal return to the highest; a filled square is a test with p < 0.05 in that column.

    Args:
        rows: of `specification_curve`, one window, ordered by estimate.

    Returns:
        An SVG element.
    """
    columns = list(dict.fromkeys((row["model"], row["estimation_sessions"]) for row in rows))
    tests = sorted({row["test"] for row in rows})
    models = sorted({model for model, _ in columns})
    lengths = sorted({length for _, length in columns})
    estimates = {(row["model"], row["estimation_sessions"]): row["caar_pct"] for row in rows}
    step, top = 15, 92
    lines = len(tests) + len(models) + len(lengths) + 1
    height = top + step * lines + 40
    with _figure(height) as figure:
        left = 168 / WIDTH
        upper = figure.add_axes((left, 1 - top / height, 0.985 - left, (top - 26) / height))
        lower = figure.add_axes((left, 6 / height, 0.985 - left, (step * lines + 22) / height))
        places = range(len(columns))
        upper.axhline(0, color=MUTED, linewidth=0.8)
        upper.grid(axis="y", color=FAINT, linewidth=0.6)
        upper.plot(places, [estimates[column] for column in columns], "o", color=ACCENT, ms=5)
        upper.spines[["left", "bottom"]].set_visible(False)
        upper.locator_params(axis="y", nbins=4)
        upper.tick_params(bottom=False, labelbottom=False)
        upper.margins(y=0.25)
        _caption(upper, "mean CAR, %")
        _squares(lower, rows, columns, tests)
        _choices(lower, columns, tests, models, lengths)
        for axes in (upper, lower):
            axes.set_xlim(-0.7, len(columns) - 0.3)
        return as_svg(figure, f"specification curve of window {rows[0]['window_name']}")


def _squares(axes: Axes, rows: Sequence[Row], columns: list[Any], tests: list[str]) -> None:
    for is_significant in (True, False):
        shown = [row for row in rows if row["is_significant"] is is_significant]
        axes.plot(
            [columns.index((row["model"], row["estimation_sessions"])) for row in shown],
            [tests.index(row["test"]) for row in shown],
            "s", color=ACCENT if is_significant else FAINT, markersize=8, markeredgewidth=0,
        )  # fmt: skip
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(bottom=False, labelbottom=False, pad=6)


def _choices(
    axes: Axes, columns: list[Any], tests: list[str], models: list[str], lengths: list[int]
) -> None:
    """Mark each column's model and length below the squares, and name every line."""
    chosen: list[Any] = [*models, *lengths]
    first = len(tests) + 1
    axes.plot(
        [place for place, column in enumerate(columns) for _ in column],
        [first + chosen.index(choice) for column in columns for choice in column],
        "o", color=INK, markersize=4.5, markeredgewidth=0,
    )  # fmt: skip
    axes.set_yticks([*range(len(tests)), *range(first, first + len(chosen))])
    axes.set_yticklabels(
        [name.replace("_", " ") for name in (*tests, *models)]
        + [f"{length} sessions" for length in lengths]
    )
    axes.set_ylim(first + len(chosen) - 0.3, -0.9)


def _drawn(values: Sequence[float | None]) -> list[float]:
    """Return what matplotlib leaves out where a mart holds null."""
    return [float("nan") if value is None else value for value in values]


def _caption(axes: Axes, text: str) -> None:
    # not a title: matplotlib looks for a place for each of those, at a quarter of the whole cost
    axes.annotate(
        text, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", color=MUTED
    )


@contextmanager
def _figure(height: float) -> Iterator[Figure]:
    """Yield an empty figure of WIDTH by `height` CSS pixels with the report's settings."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_SETTINGS):
        yield Figure(figsize=(WIDTH / 72, height / 72), facecolor="none")
