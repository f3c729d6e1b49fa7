"""A sentence cut at every place where a clause may begin.

Belongs here: commas, brackets, joining words, separators, subordinators. Does not belong here:
which pieces are clauses (`clauses`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from orchestration.defs.claims.clause import (
    AND,
    COMMA,
    RELATIVE,
    START,
    STRONG,
    SUBORDINATE,
    Clause,
)
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.text import Token

_COMMAS = frozenset(",:()[]\u2014\u2013")


def pieces(sentence: Sequence[Token], marks: Sequence[Mark]) -> Iterator[Clause]:
    """Yield the pieces of a sentence, in order, with their marks."""
    starts = dict(_signs(sentence, marks))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark.has("structure.separators"):
            starts[mark.start] = STRONG
        elif mark.has("structure.relatives") and starts.get(mark.start - 1) == COMMA:
            # ", der 3 Prozent verlor", but not ", der FTSE 100 verlor"
            is_near = following is not None and following.start <= mark.end + 1
            if not (following is not None and following.subject and is_near):
                starts[mark.start - 1] = RELATIVE
        elif mark.has("structure.subordinators"):
            starts[mark.start] = SUBORDINATE
        elif mark.has("structure.and"):
            starts[mark.start] = AND
    starts[0] = starts.get(0, START)
    at = 0
    for begin, end in pairwise([*sorted(starts), len(sentence)]):
        own = []
        while at < len(marks) and marks[at].start < end:
            own.append(marks[at])
            at += 1
        yield Clause(begin, end, starts[begin], own)


def _signs(sentence: Sequence[Token], marks: Sequence[Mark]) -> Iterator[tuple[int, str]]:
    """Yield where commas and the like stand that are no part of a mark."""
    taken = {index for mark in marks for index in range(mark.start, mark.end)}
    for index, token in enumerate(sentence):
        if token.kind != "sign" or index in taken:
            continue
        if token.key == ";":
            yield index, STRONG
        elif token.key in _COMMAS or (token.key == "-" and _is_spaced(sentence, index)):
            yield index, COMMA


def _is_spaced(sentence: Sequence[Token], index: int) -> bool:
    return sentence[index].spaced and index + 1 < len(sentence) and sentence[index + 1].spaced
