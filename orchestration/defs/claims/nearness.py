"""How two marks of a sentence stand to each other: close, in one list, one word.

Belongs here: what the tokens between them tell. Does not belong here: what follows (`heads`).
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.text import Token

_SHORT = 3


def is_attribute(mark: Mark, following: Mark | None, sentence: Sequence[Token]) -> bool:
    """Tell "Nvidia-topman" from "Nvidia-aandeel" and from "Nvidia - 17%"."""
    end = mark.end
    if end + 1 >= len(sentence) or sentence[end].key != "-" or sentence[end].spaced:
        return False
    if sentence[end + 1].spaced or sentence[end + 1].kind != "word":
        return False
    is_share = following is not None and following.has("shares.words", "market_value.words")
    return not (is_share and following is not None and following.start == end + 1)


def is_exchange(mark: Mark, following: Mark | None, sentence: Sequence[Token]) -> bool:
    """Tell "Nasdaq: NVDA", a listing, from "Nasdaq: -3%"."""
    is_colon = mark.end < len(sentence) and sentence[mark.end].key == ":"
    return is_colon and following is not None and following.subject is not None


def is_close(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether only short words, "of" words, hyphens and apostrophes stand between."""
    if mark.start - end > 4:
        return False
    of_words = covered(marks, end, mark.start, ("structure.of",))
    return all(
        index in of_words
        or token.key in "-'"
        or (token.kind == "word" and len(token.key) <= _SHORT)
        for index, token in enumerate(sentence[end : mark.start], end)
    )


def is_listed(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether two names stand in one list: joined by commas and "and" words."""
    if not mark.start - end:
        return False
    joined = covered(marks, end, mark.start, ("structure.and", "shares.each", "shares.words"))
    links = 0
    for index, token in enumerate(sentence[end : mark.start], end):
        if index in joined or token.key == ",":
            links += 1
        elif not (token.key in "()'-" or (token.kind == "word" and len(token.key) <= _SHORT)):
            return False
    return links > 0 and mark.start - end <= 6


def is_generic(first: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether a word that nothing explains qualifies the shares: chip stocks, nhóm cổ phiếu."""
    at = mark.start - 1
    if at < first or sentence[at].kind != "word" or len(sentence[at].key) <= _SHORT:
        return False
    return not covered(marks, at, mark.start, ())


def covered(marks: Sequence[Mark], start: int, end: int, keys: tuple[str, ...]) -> set[int]:
    """Return the tokens of [start, end) under a mark with one of the keys, or under any mark."""
    return {
        index
        for mark in marks
        if mark.end > start and mark.start < end and (not keys or mark.has(*keys))
        for index in range(mark.start, mark.end)
    }
