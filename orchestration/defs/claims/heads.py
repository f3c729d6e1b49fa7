"""What a clause talks about: names, shares, pronouns, market value and things no price shows.

Belongs here: the heads of a clause in order, and what is linked to what. Does not belong here:
which head a figure belongs to (`binding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.defs.claims.clause import Clause
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.nearness import (
    covered,
    is_attribute,
    is_close,
    is_exchange,
    is_generic,
    is_listed,
)
from orchestration.defs.claims.subjects import UNKNOWN, Subject
from orchestration.defs.claims.text import Token

NAME, SHARE, COMPANY, INDEX, ANY = "name", "share", "company", "index", "any"
GENERIC, FAMILY, MARKET = "generic", "family", "market"
WHO = (NAME, SHARE, COMPANY, INDEX, ANY)
_SINGLE = {
    "shares.company": COMPANY,
    "shares.index": INDEX,
    "shares.any": ANY,
    "market_value.words": MARKET,
}


@dataclass(slots=True)
class Head:
    """One thing that a figure may be about.

    Attributes:
        kind: a name or a list of names; a share word, company word or index word alone; shares of
            nobody named ("chip stocks"); a family word; a market-value word.
        subjects: the names of a list, each once.
        is_share: whether a share word stands beside the name.
        owner: the head that "of" ties this one to: the revenue in "revenue at Apple".
    """

    start: int
    end: int
    kind: str
    subjects: list[Subject] = field(default_factory=list)
    family: str | None = None
    is_share: bool = False
    owner: Head | None = None


def heads(clause: Clause, sentence: Sequence[Token]) -> list[Head]:
    """Return the heads of a clause, in order; asides are left out."""
    found: list[Head] = []
    marks = [mark for mark in clause.marks if mark.start not in clause.asides]
    for index, mark in enumerate(marks):
        if mark.subject is not None:
            _add_name(found, marks, index, sentence)
        elif mark.has("shares.words"):
            _add_share(found, marks, index, sentence, clause.start)
        elif (
            kind := next((_SINGLE[key] for key in _SINGLE if key in mark.keys), None)
        ) is not None:
            owner = _owner(found, mark, marks, sentence) if kind == COMPANY else None
            found.append(Head(mark.start, mark.end, kind, owner=owner))
        elif (family := mark.under("families")) is not None:
            found.append(Head(mark.start, mark.end, FAMILY, family=family))
    if any(head.kind == FAMILY or (head.kind in WHO and not _is_unknown(head)) for head in found):
        found = [head for head in found if not _is_unknown(head)]
    return found


def _add_share(
    found: list[Head], marks: Sequence[Mark], index: int, sentence: Sequence[Token], first: int
) -> None:
    """Add a share word: to the name beside it, of nobody named, or alone."""
    mark, before = marks[index], found[-1] if found else None
    is_named = before is not None and before.kind == NAME
    generic = is_generic(first, mark, marks, sentence)
    if (
        before is not None
        and is_named
        and (
            is_close(before.end, mark, marks, sentence)
            or (generic and _is_possessed(before, mark, sentence))
        )
    ):
        before.is_share, before.end = True, mark.end
    elif generic:
        found.append(Head(mark.start, mark.end, GENERIC))
    else:
        owner = _owner(found, mark, marks, sentence)
        found.append(Head(mark.start, mark.end, SHARE, is_share=True, owner=owner))


def _add_name(
    found: list[Head], marks: Sequence[Mark], index: int, sentence: Sequence[Token]
) -> None:
    mark, before = marks[index], found[-1] if found else None
    following = marks[index + 1] if index + 1 < len(marks) else None
    subject = mark.subject
    if subject is None or is_attribute(mark, following, sentence):
        return
    if is_exchange(mark, following, sentence):
        return
    head = Head(mark.start, mark.end, NAME, [subject])
    if before is not None and before.kind == NAME and _merged(found, head, marks, sentence):
        return
    if before is not None and before.kind == SHARE and is_close(before.end, mark, marks, sentence):
        head.is_share, head.start, head.owner = True, before.start, before.owner
        found[-1] = head
        return
    head.owner = _owner(found, mark, marks, sentence)
    found.append(head)


def _merged(
    found: list[Head], head: Head, marks: Sequence[Mark], sentence: Sequence[Token]
) -> bool:
    """Put a name into the list of names before it, or in its place; tell whether that was done."""
    before, subject = found[-1], head.subjects[0]
    mark = Mark(head.start, head.end, frozenset())
    gap = sentence[before.end : head.start]
    if subject.kind == UNKNOWN and not _is_unknown(before):
        # "Apple supplier Foxconn": another company; anything further off is a place
        is_plain = all(token.kind == "word" for token in gap)
        if 0 < len(gap) <= 2 and is_plain and not covered(marks, before.end, head.start, ()):
            found[-1] = head
        return True
    is_place = before.subjects[-1].kind == "index" and subject.kind == "company"
    is_joined = bool(covered(marks, before.end, head.start, ("structure.and",)))
    if (_is_unknown(before) or is_place) and not is_joined:
        # "À Francfort, Siemens Energy", "en el Dax, Continental": no first name of a list
        head.owner = _owner(found[:-1], mark, marks, sentence)
        found[-1] = head
        return True
    is_same = (subject.name, subject.symbol) in [(s.name, s.symbol) for s in before.subjects]
    if not is_same and not is_listed(before.end, mark, marks, sentence):
        return False
    before.end = head.end
    if not is_same:
        before.subjects.append(subject)
    return True


def _owner(
    found: Sequence[Head], mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]
) -> Head | None:
    """Return the family or market word that "of" ties to what a mark names."""
    known = [head for head in found if not _is_unknown(head)]
    last = known[-1] if known else None
    if last is None or last.kind not in (FAMILY, MARKET):
        return None
    return last if _is_owned(last.end, mark, marks, sentence) else None


def _is_owned(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether "of" ties a name to a family word, such as iPhone sales in China of Apple."""
    if is_close(end, mark, marks, sentence):
        return True
    between = [other for other in marks if end <= other.start < mark.start]
    is_plain = all(
        token.kind != "sign" or token.key in "-'" for token in sentence[end : mark.start]
    )
    if mark.start - end > 8 or not is_plain or any(other.direction for other in between):
        return False
    return any(other.has("structure.of") and mark.start - other.end <= 1 for other in between)


def _is_unknown(head: Head) -> bool:
    return head.kind == NAME and all(subject.kind == UNKNOWN for subject in head.subjects)


def _is_possessed(before: Head, mark: Mark, sentence: Sequence[Token]) -> bool:
    """Tell "TSMC's Taipei-listed shares" from "Nvidia and other chip shares"."""
    gap = sentence[before.end : mark.start]
    return before.kind == NAME and 0 < len(gap) <= 6 and gap[0].key == "'"
