"""What a clause talks about: names, shares, pronouns, market value and things no price shows.

Belongs here: the heads of a clause in order, and what is linked to what. Does not belong here:
which head a figure belongs to (`binding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.defs.claims.clauses import Clause
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.subjects import UNKNOWN, Subject
from orchestration.defs.claims.text import Token

NAME, SHARE, COMPANY, INDEX, ANY = "name", "share", "company", "index", "any"
GENERIC, FAMILY, MARKET = "generic", "family", "market"
WHO = (NAME, SHARE, COMPANY, INDEX, ANY)
_SHORT = 3


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
        before = found[-1] if found else None
        if mark.subject is not None:
            _add_name(found, marks, index, sentence)
        elif mark.has("shares.words"):
            if (
                before is not None
                and before.kind == NAME
                and _is_close(before.end, mark, marks, sentence)
            ):
                before.is_share, before.end = True, mark.end
            elif _is_generic(clause, mark, marks, sentence):
                if before is not None and _is_possessed(before, mark, sentence):
                    before.is_share, before.end = True, mark.end
                else:
                    found.append(Head(mark.start, mark.end, GENERIC))
            else:
                owner = _owner(found, mark, marks, sentence)
                found.append(Head(mark.start, mark.end, SHARE, is_share=True, owner=owner))
        elif mark.has("shares.company"):
            found.append(Head(mark.start, mark.end, COMPANY))
        elif mark.has("shares.index"):
            found.append(Head(mark.start, mark.end, INDEX))
        elif mark.has("shares.any"):
            found.append(Head(mark.start, mark.end, ANY))
        elif mark.has("market_value.words"):
            found.append(Head(mark.start, mark.end, MARKET))
        elif (family := mark.under("families")) is not None:
            found.append(Head(mark.start, mark.end, FAMILY, family=family))
    if any(head.kind == FAMILY or (head.kind in WHO and not _is_unknown(head)) for head in found):
        found = [head for head in found if not _is_unknown(head)]
    return found


def _add_name(
    found: list[Head], marks: Sequence[Mark], index: int, sentence: Sequence[Token]
) -> None:
    mark, before = marks[index], found[-1] if found else None
    subject = mark.subject
    assert subject is not None  # noqa: S101
    following = marks[index + 1] if index + 1 < len(marks) else None
    if _is_attribute(mark, following, sentence) or _is_exchange(mark, following, sentence):
        return
    head = Head(mark.start, mark.end, NAME, [subject])
    if before is None:
        found.append(head)
        return
    gap = sentence[before.end : mark.start]
    if before.kind == NAME:
        known = [(other.name, other.symbol) for other in before.subjects]
        is_same = (subject.name, subject.symbol) in known
        if subject.kind == UNKNOWN and not _is_unknown(before):
            # "Apple supplier Foxconn": another company; anything further off is a place
            if (
                gap
                and len(gap) <= 2
                and all(token.kind == "word" for token in gap)
                and not (_marked_between(marks, before.end, mark.start))
            ):
                found[-1] = head
            return
        is_place = before.subjects[-1].kind == "index" and subject.kind == "company"
        if (_is_unknown(before) or is_place) and _only_comma(before.end, mark, marks):
            # "À Francfort, Siemens Energy", "en el Dax, Continental": no first name of a list
            found[-1] = head
            head.owner = _owner(found[:-1], mark, marks, sentence)
            return
        if is_same or _is_listed(before.end, mark, marks, sentence):
            before.end = mark.end
            if not is_same:
                before.subjects.append(subject)
            return
    if before.kind == SHARE and _is_close(before.end, mark, marks, sentence):
        head.is_share, head.start, head.owner = True, before.start, before.owner
        found[-1] = head
        return
    head.owner = _owner(found, mark, marks, sentence)
    found.append(head)


def _owner(
    found: Sequence[Head], mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]
) -> Head | None:
    """Return the family or market word that "of" ties to what a mark names."""
    known = [head for head in found if not _is_unknown(head)]
    last = known[-1] if known else None
    if last is None or last.kind not in (FAMILY, MARKET):
        return None
    return last if _is_owned(last.end, mark, marks, sentence) else None


def _only_comma(end: int, mark: Mark, marks: Sequence[Mark]) -> bool:
    return not _covered(marks, end, mark.start, ("structure.and",))


def _is_owned(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether "of" ties a name to a family word, such as iPhone sales in China of Apple."""
    if _is_close(end, mark, marks, sentence):
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


def _is_attribute(mark: Mark, following: Mark | None, sentence: Sequence[Token]) -> bool:
    """Tell "Nvidia-topman" from "Nvidia-aandeel" and from "Nvidia - 17%"."""
    end = mark.end
    if end + 1 >= len(sentence) or sentence[end].key != "-" or sentence[end].spaced:
        return False
    if sentence[end + 1].spaced or sentence[end + 1].kind != "word":
        return False
    is_share = following is not None and following.has("shares.words", "market_value.words")
    return not (is_share and following is not None and following.start == end + 1)


def _is_exchange(mark: Mark, following: Mark | None, sentence: Sequence[Token]) -> bool:
    """Tell "Nasdaq: NVDA", a listing, from "Nasdaq: -3%"."""
    is_colon = mark.end < len(sentence) and sentence[mark.end].key == ":"
    return is_colon and following is not None and following.subject is not None


def _is_close(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether only short words, "of" words, hyphens and apostrophes stand between."""
    if mark.start - end > 4:
        return False
    of_words = _covered(marks, end, mark.start, ("structure.of",))
    return all(
        index in of_words
        or token.key in "-'"
        or (token.kind == "word" and len(token.key) <= _SHORT)
        for index, token in enumerate(sentence[end : mark.start], end)
    )


def _is_listed(end: int, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]) -> bool:
    """Whether two names stand in one list: joined by commas and "and" words."""
    if not mark.start - end:
        return False
    joined = _covered(marks, end, mark.start, ("structure.and", "shares.each", "shares.words"))
    links = 0
    for index, token in enumerate(sentence[end : mark.start], end):
        if index in joined or token.key == ",":
            links += 1
        elif not (token.key in "()'-" or (token.kind == "word" and len(token.key) <= _SHORT)):
            return False
    return links > 0 and mark.start - end <= 6


def _is_generic(
    clause: Clause, mark: Mark, marks: Sequence[Mark], sentence: Sequence[Token]
) -> bool:
    """Whether a word that nothing explains qualifies the shares: chip stocks, nhóm cổ phiếu."""
    at = mark.start - 1
    if at < clause.start or sentence[at].kind != "word" or len(sentence[at].key) <= _SHORT:
        return False
    return not _covered(marks, at, mark.start, ())


def _is_possessed(before: Head, mark: Mark, sentence: Sequence[Token]) -> bool:
    """Tell "TSMC's Taipei-listed shares" from "Nvidia and other chip shares"."""
    gap = sentence[before.end : mark.start]
    return before.kind == NAME and 0 < len(gap) <= 6 and gap[0].key == "'"


def _marked_between(marks: Sequence[Mark], start: int, end: int) -> bool:
    return any(start <= mark.start < end for mark in marks)


def _covered(marks: Sequence[Mark], start: int, end: int, keys: tuple[str, ...]) -> set[int]:
    """Return the tokens of [start, end) under a mark with one of the keys, or under any mark."""
    return {
        index
        for mark in marks
        if mark.end > start and mark.start < end and (not keys or mark.has(*keys))
        for index in range(mark.start, mark.end)
    }
