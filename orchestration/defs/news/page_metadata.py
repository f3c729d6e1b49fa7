"""What a page says about itself: title, publisher, language, time and address.

Belongs here: the tags and JSON-LD in which pages state it. Does not belong here: the text of
the page (`markup`). All of it is a claim of the page's, kept as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.defs.news.addresses import same_site, web_address
from orchestration.defs.news.article import ArticleError
from orchestration.defs.news.stamps import loose_moment
from orchestration.defs.news.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_NODES = 1000


@dataclass(frozen=True)
class Metadata:
    """What a page states; None or "" where it states nothing usable.

    Attributes:
        title: headline, else heading, else the window's title; one line.
        publisher: name of the site.
        language: two letters.
        stamp: when it was published, who says so (`json_ld` or `meta`), and whether it is a day.
        url: its own address.
    """

    title: str
    publisher: str
    language: str | None
    stamp: tuple[datetime, str, bool] | None
    url: str | None


def metadata(page: _Element) -> Metadata:
    """Read what a page states about itself."""
    linked = next(_articles(page), {})
    publisher = linked.get("publisher")
    return Metadata(
        title=_first(
            linked.get("headline"),
            _meta(page, "og:title"),
            *(" ".join(each.itertext()) for each in page.xpath("//h1")[:1]),
            *(each.text for each in page.xpath("//title")[:1]),
        ),
        publisher=_first(
            publisher.get("name") if isinstance(publisher, dict) else publisher,
            _meta(page, "og:site_name"),
        ),
        language=two_letters(_first(*page.xpath("//html/@lang"), linked.get("inLanguage"))),
        stamp=_stamp(page, linked),
        url=_own_address(page),
    )


def two_letters(code: str) -> str | None:
    """Return the language of a code such as `nl-BE`; None when it is none of two letters."""
    found = re.match(r"([a-z]{2})(?:[-_]|$)", code.strip().lower())
    return found[1] if found else None


def _stamp(page: _Element, linked: dict[str, Any]) -> tuple[datetime, str, bool] | None:
    for source, value in (
        ("json_ld", linked.get("datePublished")),
        ("meta", _meta(page, "article:published_time")),
        ("meta", _meta(page, "datePublished")),
    ):
        if isinstance(value, str) and (found := loose_moment(value)):
            return found[0], source, found[1]
    return None


def _meta(page: _Element, name: str) -> str:
    # the name is bound, not written into the expression
    found = page.xpath("//meta[@property=$n or @name=$n or @itemprop=$n]/@content", n=name)
    return str(found[0]) if found else ""


def _articles(page: _Element) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's JSON-LD that are articles."""
    for script in page.xpath("//script[@type='application/ld+json']"):
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                if "Article" in str(node.get("@type")):
                    yield node
                waiting.append(node.get("@graph"))


def _first(*values: object) -> str:
    """Return the first text that is not blank, as one line."""
    lines = (one_line(value) for value in values if isinstance(value, str))
    return next((line for line in lines if line), "")


def _own_address(page: _Element) -> str | None:
    """Return the canonical address, unless the page says that it stands on another site."""
    links = page.xpath("//link[@rel='canonical']/@href")
    linked, stated = _address(*links[:1]), _address(_meta(page, "og:url"))
    if linked and stated and not same_site(linked, stated):
        return stated
    return linked or stated


def _address(value: str = "") -> str | None:
    try:
        return web_address(value.strip())
    except ArticleError:
        return None
