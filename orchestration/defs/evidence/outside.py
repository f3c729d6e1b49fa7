"""Text from outside, made harmless for what it is written into.

Belongs here: escaping for Markdown and for JSON inside a page, and which addresses may become a
link. Does not belong here: what is written (`card`, `claim_review`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from urllib.parse import quote

from orchestration.defs.news.addresses import web_address
from orchestration.defs.news.article import ArticleError

# What begins markup, HTML, an entity, a formula or a template, and what makes an address a link.
# Between two letters an underscore begins nothing.
_MARKUP = re.compile(
    r"[\\`*{}\[\]#!|<>~&$@]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=\bwww)\.", re.IGNORECASE
)
# They would show the text behind them in another order.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKING = ("Cc", "Zl", "Zp")
# A page ends a script at `</script>` wherever it stands; two characters end a line in JavaScript.
_IN_A_PAGE = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def as_markdown(text: str) -> str:
    """Return a text as one line of Markdown that renders as exactly that text, in a table too."""
    plain = _REORDERING.sub("", text)
    line = "".join(" " if unicodedata.category(each) in _BREAKING else each for each in plain)
    return _MARKUP.sub(r"\\\g<0>", " ".join(line.split()))


def as_json(value: Any) -> str:
    """Return indented JSON that may also stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, indent=2).translate(_IN_A_PAGE) + "\n"


def link_address(address: str | None) -> str | None:
    """Return an address that may become a link, in ASCII; None but for one of http or https."""
    if address is None:
        return None
    try:
        web_address(address)
    except ArticleError:
        return None
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]-._")
