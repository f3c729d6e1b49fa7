"""A sentence cut into clauses, each with its own subject, direction and figures.

Belongs here: where a clause begins. Does not belong here: what it claims (`binding`, `moves`).

A sentence is first cut at every comma, bracket, joining word, separator and subordinator. A piece
then begins a clause only if it can stand alone: "Alphabet, Amazon and Microsoft fell 3%, 1% and
3%" stays whole, because neither "Alphabet" nor "1%" can, while "Nvidia fell 17%, Apple rose 3%"
becomes two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.subjects import UNKNOWN
from orchestration.defs.claims.text import Token

_COMMAS = frozenset(",:()[]—–")
# How a piece is joined to what stands before it.
START, COMMA, AND, STRONG = "start", "comma", "and", "strong"
SUBORDINATE, RELATIVE = "subordinate", "relative"
_VERBS = ("directions.up.verbs", "directions.down.verbs")
_ADVERBS = ("directions.up.adverbs", "directions.down.adverbs")
_NOUNS = ("directions.up.nouns", "directions.down.nouns")
_SHARES = ("shares.words", "shares.company", "shares.any", "shares.index")


@dataclass(slots=True)
class Clause:
    """Marks that belong together.

    Attributes:
        start: first token; `end` is one past the last.
        link: how it is joined to the clause before it.
        asides: first tokens of marks behind a subordinator or in an apposition: a reason, a
            comparison, "a member of the FTSE 100".
        is_insertion: it stands between a name and that name's own verb.
    """

    start: int
    end: int
    link: str
    marks: list[Mark]
    asides: set[int] = field(default_factory=set)
    is_insertion: bool = False
    keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys.update(*(mark.keys for mark in self.marks))

    def having(self, *keys: str) -> list[Mark]:
        """Return the marks with one of the dotted keys."""
        if self.keys.isdisjoint(keys):
            return []
        return [mark for mark in self.marks if mark.has(*keys)]

    @property
    def figures(self) -> list[Mark]:
        """The figures that are no part of an aside."""
        return [m for m in self.marks if m.figure is not None and m.start not in self.asides]

    @property
    def directions(self) -> list[Mark]:
        """The words with a direction."""
        return [mark for mark in self.marks if mark.direction is not None]

    @property
    def cues(self) -> set[str]:
        """The names of the cues that stand in it."""
        return {key.rsplit(".", 1)[1] for key in self.keys if key.startswith("cues.")}


def clauses(sentence: Sequence[Token], marks: Sequence[Mark]) -> list[Clause]:
    """Return the clauses of a sentence, in order."""
    pieces = list(_pieces(sentence, marks))
    found = [pieces[0]]
    position = 1
    while position < len(pieces):
        current, piece = found[-1], pieces[position]
        position += 1
        if piece.link == STRONG:
            found.append(piece)
            continue
        if piece.link in (SUBORDINATE, RELATIVE):
            listed, after = _listed(piece, pieces, position)
            if listed is not None:
                found.append(listed)
                position = after
            elif _stands_alone(piece) or (piece.link == RELATIVE and piece.figures):
                piece.is_insertion = piece.link == RELATIVE
                found.append(piece)
            else:
                piece.asides.update(mark.start for mark in piece.marks)
                _join(current, piece)
            continue
        whole, after = _completed(piece, pieces, position)
        if whole is None or not _begins_anew(current, whole):
            if _is_apposition(current, piece):
                piece.asides.update(mark.start for mark in piece.marks if mark.subject)
            elif _inserts(current, piece):
                current.is_insertion = True
            _join(current, piece)
            continue
        found.append(whole)
        position = after
    return found


def _pieces(sentence: Sequence[Token], marks: Sequence[Mark]) -> Iterator[Clause]:
    starts: dict[int, str] = {}
    free = {index: sentence[index] for index in range(len(sentence))}
    for mark in marks:
        for index in range(mark.start, mark.end):
            free.pop(index, None)
    for index, token in free.items():
        if token.kind != "sign":
            continue
        if token.key == ";":
            starts[index] = STRONG
        elif token.key in _COMMAS or (token.text in "-–" and _is_spaced(sentence, index)):
            starts[index] = COMMA
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if mark.has("structure.separators"):
            starts[mark.start] = STRONG
        elif mark.has("structure.relatives") and starts.get(mark.start - 1) == COMMA:
            # ", der 3 Prozent verlor", but not ", der FTSE 100 verlor"
            is_article = following is not None and following.subject is not None
            if not (is_article and following is not None and following.start <= mark.end + 1):
                starts[mark.start - 1] = RELATIVE
        elif mark.has("structure.subordinators"):
            starts[mark.start] = SUBORDINATE
        elif mark.has("structure.and"):
            starts[mark.start] = AND
    starts[0] = starts.get(0, START)
    bounds = [*sorted(starts), len(sentence)]
    at = 0
    for begin, end in zip(bounds, bounds[1:], strict=False):
        own = []
        while at < len(marks) and marks[at].start < end:
            own.append(marks[at])
            at += 1
        yield Clause(begin, end, starts[begin], own)


def _is_spaced(sentence: Sequence[Token], index: int) -> bool:
    return sentence[index].spaced and index + 1 < len(sentence) and sentence[index + 1].spaced


def _completed(piece: Clause, pieces: Sequence[Clause], position: int) -> tuple[Clause | None, int]:
    """Return a piece, with those behind it that it needs to stand alone: "Amazon and Meta 3%"."""
    if _stands_alone(piece):
        return piece, position
    first = position
    if not any(mark.subject or mark.has(*_SHARES) for mark in piece.marks):
        return None, position
    whole = Clause(piece.start, piece.end, piece.link, list(piece.marks))
    # ", Siemens dagegen nur 0,9 Prozent": a separator may stand behind its name
    while position < len(pieces) and pieces[position].link != RELATIVE:
        following = pieces[position]
        if following.link == SUBORDINATE:
            if _stands_alone(following):
                break
            following.asides.update(mark.start for mark in following.marks)
        _join(whole, following)
        position += 1
        if _stands_alone(whole):
            return whole, position
    has_name = any(mark.subject for mark in piece.marks)
    if has_name and piece.having("levels.verbs"):
        return piece, first
    return None, first


def _begins_anew(current: Clause, piece: Clause) -> bool:
    has_figure = bool(current.figures)
    if not has_figure and not current.directions:
        return bool(current.cues)
    if not any(mark.subject or mark.has(*_SHARES, "venues") for mark in piece.marks):
        # "Alphabet und Amazon haben 3 und 1 Prozent verloren": the verb at the end is for both
        if has_figure and not current.directions and piece.link == AND:
            return False
    if has_figure or not piece.figures or not any(mark.subject for mark in current.marks):
        return True
    # "verloren Alphabet, Amazon und Microsoft 3, 1 und 3 Prozent": one verb for all;
    # "nel giorno del rimbalzo Nvidia e Oracle salgono": a noun is no verb
    return bool(piece.directions) and any(not mark.has(*_NOUNS) for mark in current.directions)


def _listed(piece: Clause, pieces: Sequence[Clause], position: int) -> tuple[Clause | None, int]:
    """Return a subordinate list of names with its verb: "as Alphabet, Amazon and Meta fell"."""
    names = [mark for mark in piece.marks if mark.subject]
    if not names or _stands_alone(piece) or piece.end - names[-1].end > 0:
        return None, position
    if names[0].start - piece.start > 3:
        return None, position
    whole = Clause(piece.start, piece.end, piece.link, list(piece.marks))
    while position < len(pieces) and pieces[position].link in (COMMA, AND):
        is_last = pieces[position].link == AND
        _join(whole, pieces[position])
        position += 1
        if is_last:
            return (whole, position) if _stands_alone(whole) else (None, position)
    return None, position


def _inserts(current: Clause, piece: Clause) -> bool:
    """Whether the first figure of a clause stands in commas behind its name: "Meta, with a budget
    of $65bn, rose 2%"."""
    if piece.link != COMMA or current.figures or current.directions or not piece.figures:
        return False
    has_name = any(mark.subject for mark in current.marks)
    return has_name and not any(mark.subject for mark in piece.marks)


def _is_apposition(current: Clause, piece: Clause) -> bool:
    """Tell ", a member of the FTSE 100," from ", Amazon": a name that words lead up to."""
    if piece.link != COMMA or piece.figures or piece.directions:
        return False
    first = next((m for m in piece.marks if m.subject and m.subject.kind != UNKNOWN), None)
    if first is None or first.start - piece.start <= 2:
        return False
    return any(mark.subject and mark.start not in current.asides for mark in current.marks)


def _stands_alone(piece: Clause) -> bool:
    has_figure, directions = bool(piece.figures), piece.directions
    has_subject = any(mark.subject or mark.has(*_SHARES, "venues") for mark in piece.marks)
    has_level = bool(piece.having("levels.verbs"))
    if has_figure and (directions or has_subject or has_level):
        return True
    if has_figure and piece.having("market_value.words"):
        return True
    if piece.having("extremes.any", "extremes.up", "extremes.down") and directions:
        return has_subject
    is_moving = any(mark.has(*_VERBS) for mark in directions) or (
        has_level and any(mark.has(*_ADVERBS) for mark in directions)
    )
    return is_moving or bool(piece.having("recovery.recovered"))


def _join(current: Clause, piece: Clause) -> None:
    current.marks.extend(piece.marks)
    current.keys |= piece.keys
    current.asides |= piece.asides
    current.end = piece.end
