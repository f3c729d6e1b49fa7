"""Text to tokens and sentences, each with its characters in the NFC text.

Belongs here: what a word, a figure and a sentence are in any language. Does not belong here:
what a word means (`lexicon`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# One alternative per first character, none nested: linear in the length of the text.
_TOKEN = re.compile(
    r"(?P<address>https?://[^\s]+|www\.[^\s]+)|(?P<number>[0-9]+(?:[.,'\u2019][0-9]+)*)"
    r"|(?P<word>[^\W\d_]+)|(?P<line>\n[\s]*)|(?P<sign>[^\s])"
)
# Written in a text but not part of any word: soft hyphen, zero-width signs, direction marks.
_UNSEEN = dict.fromkeys(
    [0xAD, 0xFEFF, 0x2060, 0x061C]
    + [sign for first in (0x200B, 0x202A, 0x2066) for sign in range(first, first + 5)]
)
_SAME = str.maketrans("\u2019\u02bc\u2018\u2212\u2013\u2010\u2011", "'''----")
_BULLETS = frozenset("-*\u2022\u00b7\u2014\u25aa\u25ba")
_CLOSING = frozenset("\"'”»)]")
# Longer runs without an end are cut, so that one line of megabytes costs no more per kilobyte.
MAXIMUM_SENTENCE_TOKENS = 150


@dataclass(slots=True)
class Token:
    """One word, figure or sign: as printed, as looked up, and its place in the NFC text."""

    text: str
    key: str
    start: int
    end: int
    kind: str
    spaced: bool


def normal_form(text: str) -> str:
    """Return the text whose characters all spans count."""
    return unicodedata.normalize("NFC", text)


def tokens(text: str) -> list[Token]:
    """Return the tokens of an NFC text; unseen signs are skipped, also inside a word."""
    places: list[int] | None = None
    seen = text.translate(_UNSEEN)
    if len(seen) != len(text):
        places = [index for index, sign in enumerate(text) if ord(sign) not in _UNSEEN]
        places.append(len(text))
    found = []
    previous_end = -1
    for match in _TOKEN.finditer(seen):
        start, end = match.span()
        kind = match.lastgroup or "sign"
        printed = match.group()
        spaced = start != previous_end
        previous_end = end
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        found.append(Token(printed, key_of(printed), start, end, kind, spaced))
    return found


@lru_cache(maxsize=65536)
def key_of(printed: str) -> str:
    """Return the form in which words are compared."""
    return printed.lower().translate(_SAME)


def phrase_keys(phrase: str) -> list[str]:
    """Return the keys of a phrase's tokens, as `tokens` would give them."""
    return [token.key for token in tokens(normal_form(phrase))]


def is_bullet(token: Token) -> bool:
    """Whether a line that begins with this sign is an item of a list."""
    return token.key in _BULLETS


def sentences(
    found: list[Token], abbreviations: frozenset[str], months: frozenset[str]
) -> Iterator[list[Token]]:
    """Yield the sentences of a text: its tokens between ends, without line breaks.

    A full stop ends one unless an abbreviation or an initial stands before it, a small letter
    after it, or a day before and one of `months` after it ("27. Januar"). An empty line and a
    line that begins with a bullet end one always.
    """
    current: list[Token] = []
    for index, token in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        if token.kind == "line":
            begins_item = following is not None and is_bullet(following)
            if current and (token.text.count("\n") > 1 or begins_item):
                yield current
                current = []
            continue
        current.append(token)
        if len(current) >= MAXIMUM_SENTENCE_TOKENS or _ends(
            token, current, following, abbreviations, months
        ):
            yield current
            current = []
    if current:
        yield current


def _ends(
    token: Token,
    current: list[Token],
    following: Token | None,
    abbreviations: frozenset[str],
    months: frozenset[str],
) -> bool:
    if token.text in "!?\u2026":
        return following is None or following.key not in _CLOSING
    if token.text != ".":
        return False
    if following is None or following.kind == "line":
        return True
    is_inside = not following.spaced or following.text[0].islower() or following.key in ",;:)"
    before = current[-2] if len(current) > 1 else None
    if is_inside or before is None:
        return False
    is_initial = before.spaced and len(before.text) == 1 and before.text.isupper()
    if before.kind == "number":
        return following.key not in months
    return not is_initial and before.key not in abbreviations
