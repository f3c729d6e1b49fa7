"""The report's drawings: what stands in a row is said once, and nothing of it is lost."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from matplotlib.figure import Figure

from orchestration.defs.report.drawing import ACCENT, BAND, as_svg, standalone


def drawn() -> str:
    figure = Figure(figsize=(2, 2))
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_axis_off()
    axes.vlines([1, 2, 3], [0, 0, 0], [1, 2, 3], color=BAND)
    axes.plot([1, 2, 3, 4], [1, 2, 3, 4], "o", color=ACCENT)
    return as_svg(figure, "a drawing")


def test_lines_of_one_look_are_one_path() -> None:
    root = Xml.fromstring(drawn())  # noqa: S314 - our own drawing
    (lines,) = (each for each in root.iter("path") if each.get("stroke") == "var(--band)")
    assert lines.get("d", "").count("M") == 3
    assert " -" not in lines.get("d", "")


def test_every_mark_keeps_its_place_and_its_shape() -> None:
    root = Xml.fromstring(drawn())  # noqa: S314 - our own drawing
    marks = list(root.iter("use"))
    assert len({(mark.get("x"), mark.get("y")) for mark in marks}) == 4
    shapes = {each.get("id") for each in root.iter("path")}
    assert {(mark.get("href") or "")[1:] for mark in marks} <= shapes
    assert not [mark for mark in marks if mark.get("fill")]
    assert [each for each in root.iter("g") if each.get("fill") == "var(--accent)"]


def test_a_drawing_alone_has_its_colours() -> None:
    alone = standalone(drawn())
    assert "var(--" not in alone
    assert ACCENT in alone
