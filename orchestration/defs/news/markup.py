"""HTML to plain text, by lxml.

Belongs here: which parts of a page are its text, and where lines break. Does not belong here:
what a page says about itself (`page_metadata`). Nothing is fetched, run or rendered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.text import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element

_BREAKING = (
    "address article blockquote body br caption dd details div dl dt fieldset figcaption figure h1 "
    "h2 h3 h4 h5 h6 hr html li main ol p pre section summary table tr ul"
)
_LINES = frozenset(_BREAKING.split())
_CELLS = frozenset({"td", "th"})
# What is on a page but is not its text.
_FURNITURE = (
    "aside audio button canvas embed form footer iframe math nav noscript object script select "
    "style svg template textarea title video"
)
_LEFT_OUT = frozenset(_FURNITURE.split())
# The tree is built in time that grows with the square of a tag's attributes.
_MOST_ATTRIBUTES = 500
# The first that a page has holds the article; of several, the one with most text.
_PLACES = ("//*[@itemprop='articleBody']", "//article", "//main", "//body")


class _Limits:
    """Looks at a document as it streams by, before anything is built of it."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(attributes) > _MOST_ATTRIBUTES:
            raise ArticleError(f"HTML element with more than {_MOST_ATTRIBUTES} attributes")

    def close(self) -> None:
        """Nothing is kept."""


def parse_html(markup: str) -> _Element | None:
    """Return the tree of a page or fragment; None when there is nothing in it.

    Raises:
        ArticleError: elements are nested deeper than the parser follows (256), or one has more
            than 500 attributes.
    """
    from lxml import etree

    data = tidy(markup).encode()
    etree.fromstring(data, etree.HTMLParser(encoding="utf-8", target=_Limits()))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        tree = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        # what comes after would be lost without a word
        raise ArticleError("HTML nested deeper than 256 elements")
    return tree


def text_of(markup: str) -> str:
    """Return a fragment of HTML, or text that holds none, as plain text.

    Raises:
        ArticleError: as `parse_html`.
    """
    if not re.search(r"[<&]", markup):
        return tidy(markup).strip()
    tree = parse_html(markup)
    return "" if tree is None else _text(tree)


def article_text(page: _Element) -> str:
    """Return the text of the article on a page."""
    for place in _PLACES:
        found = [_text(element) for element in page.xpath(place)]
        if best := max(found, key=len, default=""):
            return best
    return ""


def _text(root: _Element) -> str:
    from lxml import etree

    parts: list[str] = []
    walk: Any = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _LEFT_OUT or _is_hidden(element):
                walk.skip_subtree()
            else:
                parts += (_break(tag), element.text or "")
        else:
            is_shown = tag not in _LEFT_OUT and not _is_hidden(element)
            tail = element.tail if element is not root else None
            parts += (_break(tag) if is_shown else " ", tail or "")
    # a line break of the source is a blank, those of the elements are the sign below
    lines = (" ".join(line.split()) for line in "".join(parts).split("\x00"))
    return tidy("\n".join(line for line in lines if line))


def _break(tag: str) -> str:
    return "\x00" if tag in _LINES else " " if tag in _CELLS else ""


def _is_hidden(element: _Element) -> bool:
    return "hidden" in element.attrib or element.get("aria-hidden") == "true"
