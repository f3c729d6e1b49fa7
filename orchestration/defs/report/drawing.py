"""From matplotlib's SVG to an element that a page with a strict content policy can hold.

Belongs here: styles as attributes (a policy without inline styles drops `style=`), colours that
follow the page's light and dark, ids that do not collide, and no byte that nobody sees.
"""

from __future__ import annotations

import hashlib
import io
import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What stands in the drawing, and what the page's style sheet puts in its place.
INK, MUTED, FAINT = "#1c1b19", "#6b675e", "#e4dfd3"
ACCENT, BAND = "#0b5c73", "#b9d6dd"
_ROLES = {INK: "ink", MUTED: "muted", FAINT: "faint", ACCENT: "accent", BAND: "band"}

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_KEPT_STYLES = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "font-size",
    "text-anchor", "opacity", "fill-opacity",
}  # fmt: skip


def as_svg(figure: Figure, label: str) -> str:
    """Return a figure as an SVG element.

    Args:
        figure: drawn in the colours above, a point for each CSS pixel.
        label: what the drawing is, for a reader who does not see it.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    # our own library's output, not a document from outside
    root = Xml.fromstring(buffer.getvalue())  # noqa: S314
    names = _names(root)
    drawing = Xml.Element(
        "svg", {"viewBox": root.get("viewBox", ""), "role": "img", "aria-label": label}
    )
    _copy(root, drawing, names)
    _fold(drawing)
    return Xml.tostring(drawing, encoding="unicode").replace(" />", "/>")


def standalone(svg: str) -> str:
    """Return the element as a file of its own, in the light colours."""
    for colour, role in _ROLES.items():
        svg = svg.replace(f"var(--{role})", colour)
    opening, rest = svg.split(">", 1)
    opening = opening.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    # a reader of a dark page sees it as well
    paper = '<rect width="100%" height="100%" fill="#fcfbf8" />'
    return f'{opening} font-family="sans-serif">{paper}{rest}'


def _names(root: Xml.Element) -> dict[str, str]:
    """Return a new id for each id that something refers to, of its own for each drawing."""
    text = Xml.tostring(root, encoding="unicode")
    used = re.findall(r"(?:href=\"#|url\(#)([\w.-]+)", text)
    drawing = hashlib.sha256(text.encode()).hexdigest()[:8]
    return {name: f"d{drawing}-{count}" for count, name in enumerate(dict.fromkeys(used))}


def _copy(source: Xml.Element, target: Xml.Element, names: dict[str, str]) -> None:
    for child in source:
        tag = child.tag.removeprefix(_SVG)
        if tag in {"metadata", "style"}:
            continue
        attributes = _attributes(child, names)
        is_unseen = (
            tag == "path" and attributes.get("fill") == "none" and "stroke" not in attributes
        )
        if is_unseen:
            continue
        is_empty_group = tag == "g" and not attributes
        is_without_ids = tag == "defs" and not any("id" in each.attrib for each in child)
        if is_empty_group or is_without_ids:
            _copy(child, target, names)
            continue
        copied = Xml.SubElement(target, tag, attributes)
        if child.text and child.text.strip():
            copied.text = child.text
        _copy(child, copied, names)


def _fold(parent: Xml.Element) -> None:
    """Say once what elements in a row have in common: half of a drawing's bytes."""
    folded: list[Xml.Element] = []
    for alike, elements in groupby(parent, key=_shared):
        run = list(elements)
        for each in run:
            _fold(each)
        tag, shared = alike
        if tag == "path" and len(run) > 1 and dict(shared).get("fill") == "none":
            run[0].set("d", "".join(each.get("d", "") for each in run))
            run = run[:1]
        elif len(run) > 1 and shared:
            group = Xml.Element("g", dict(shared))
            for each in run:
                for name, _ in shared:
                    del each.attrib[name]
                group.append(each)
            run = [group]
        folded += run
    parent[:] = folded


def _shared(element: Xml.Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the kind of an element and those of its attributes that do not say where it is."""
    own = {"d", "x", "y", "transform", "href"}
    if element.tag not in {"path", "use", "text"} or "id" in element.attrib:
        return str(id(element)), ()
    return element.tag, tuple((name, at) for name, at in element.items() if name not in own)


def _attributes(element: Xml.Element, names: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name == "style":
            styles = (part.split(":", 1) for part in value.split(";") if ":" in part)
            kept.update(
                (key.strip(), _colour(setting.strip()))
                for key, setting in styles
                if key.strip() in _KEPT_STYLES
            )
        elif name == "id":
            if value in names:
                kept["id"] = names[value]
        elif name == _HREF:
            kept["href"] = "#" + names[value[1:]]
        elif name == "clip-path":
            kept[name] = f"url(#{names[value[5:-1]]})"
        elif name == "d":
            # a letter or a sign parts numbers as well as a space does
            kept[name] = re.sub(r"\s*([A-Za-z]|-|$)\s*", r"\1", _short(value))
        elif name == "transform":
            if "rotate(-0 " not in value:
                kept[name] = _short(value)
        else:
            kept[name] = _short(value)
    return kept


def _colour(value: str) -> str:
    role = _ROLES.get(value.lower())
    return f"var(--{role})" if role else value.removesuffix("px")


def _short(value: str) -> str:
    """Return numbers to a tenth of a pixel."""
    return re.sub(
        r"-?\d+\.\d{2,}", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value
    )
