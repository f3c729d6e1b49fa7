"""A sentence cut into clauses, each with its own subject, direction and figures.

Belongs here: where a clause begins. Does not belong here: what it claims (`binding`, `moves`).

A sentence is first cut at every comma, bracket, joining word, separator and subordinator. A piece
then begins a clause only if it can stand alone: "Alphabet, Amazon and Microsoft fell 3%, 1% and
3%" stays whole, because neither "Alphabet" nor "1%" can, while "Nvidia fell 17%, Apple rose 3%"
becomes two.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.defs.claims.clause import (
    ADVERBS,
    AND,
    COMMA,
    NOUNS,
    RELATIVE,
    SHARES,
    STRONG,
    SUBORDINATE,
    VERBS,
    Clause,
)
from orchestration.defs.claims.marks import Mark
from orchestration.defs.claims.pieces import pieces
from orchestration.defs.claims.subjects import UNKNOWN
from orchestration.defs.claims.text import Token

# A list of more names than this is no list that a newsroom prints.
_LOOKAHEAD = 16


def clauses(sentence: Sequence[Token], marks: Sequence[Mark]) -> list[Clause]:
    """Return the clauses of a sentence, in order."""
    found_pieces = list(pieces(sentence, marks))
    found = [found_pieces[0]]
    position = 1
    if _is_comparison(found_pieces):
        found[0].asides.update(mark.start for mark in found[0].names)
    while position < len(found_pieces):
        current, piece = found[-1], found_pieces[position]
        position += 1
        if piece.link == STRONG:
            found.append(piece)
            continue
        if piece.link in (SUBORDINATE, RELATIVE):
            listed, after = _listed(piece, found_pieces, position)
            if listed is not None:
                found.append(listed)
                position = after
            elif _stands_alone(piece) or (piece.link == RELATIVE and piece.figures):
                piece.is_insertion = piece.link == RELATIVE
                found.append(piece)
            else:
                piece.set_aside()
                current.join(piece)
            continue
        if _is_denial(piece):
            found.append(piece)
            continue
        whole, after = _completed(piece, found_pieces, position)
        if whole is None or not _begins_anew(current, whole):
            if _is_apposition(current, piece):
                piece.asides.update(mark.start for mark in piece.marks if mark.subject)
            elif _inserts(current, piece):
                current.is_insertion = True
            current.join(piece)
            continue
        found.append(whole)
        position = after
    return found


def _is_denial(piece: Clause) -> bool:
    """Whether a piece denies a figure of its own: "and not 14.7%"."""
    if not piece.figures or piece.names:
        return False
    denied = piece.having("cues.clause.negation")
    return bool(denied) and denied[0].start - piece.start <= 2


def _completed(piece: Clause, pieces: Sequence[Clause], position: int) -> tuple[Clause | None, int]:
    """Return a piece, with those behind it that it needs to stand alone: "Amazon and Meta 3%"."""
    if _stands_alone(piece):
        return piece, position
    first = position
    if not piece.names and not piece.having(*SHARES):
        return None, position
    whole = Clause(piece.start, piece.end, piece.link, list(piece.marks))
    # ", Siemens dagegen nur 0,9 Prozent": a separator may stand behind its name
    last = min(len(pieces), position + _LOOKAHEAD)
    while position < last and pieces[position].link != RELATIVE:
        following = pieces[position]
        if following.link == SUBORDINATE:
            if _stands_alone(following):
                break
            following.set_aside()
        whole.join(following)
        position += 1
        if _stands_alone(whole):
            return whole, position
    has_name = bool(piece.names)
    if has_name and piece.having("levels.verbs"):
        return piece, first
    return None, first


def _is_comparison(found: Sequence[Clause]) -> bool:
    """Whether a sentence opens with whom another is compared: "So với Alphabet, Meta giảm 3%"."""
    if len(found) < 2 or found[0].link != SUBORDINATE or found[1].link != COMMA:
        return False
    return bool(found[1].names and found[1].directions) and not _stands_alone(found[0])


def _begins_anew(current: Clause, piece: Clause) -> bool:
    has_figure = bool(current.figures)
    if not has_figure and not current.directions:
        return bool(current.cues)
    if current.having("structure.respectively") and not piece.names and not piece.directions:
        # "lần lượt 5,7%, 11,1% và 5,2% tại Tokyo": a city at the end is no new subject
        return False
    is_unnamed = not piece.names and not piece.having(*SHARES, "venues")
    if is_unnamed and has_figure and not current.directions and piece.link == AND:
        # "Alphabet und Amazon haben 3 und 1 Prozent verloren": the verb at the end is for both
        return False
    if piece.link == AND and not piece.directions and _waits(current, piece):
        return False
    if has_figure or not piece.figures or not current.names:
        return True
    # "verloren Alphabet, Amazon und Microsoft 3, 1 und 3 Prozent": one verb for all;
    # "nel giorno del rimbalzo Nvidia e Oracle salgono": a noun is no verb
    return bool(piece.directions) and any(not mark.has(*NOUNS) for mark in current.directions)


def _waits(current: Clause, piece: Clause) -> bool:
    """Whether a clause lacks names or figures that a piece behind "and" brings."""
    if not current.names and not current.having(*SHARES):
        # "gains of 1.9% and 1.4% put Siemens Energy and Rheinmetall ahead"
        return bool(piece.names) and all(mark.has(*NOUNS) for mark in current.directions)
    # "A, B and C fell 3%, 2% and 1% in Tokyo"
    names = {mark.subject.name for mark in current.names if mark.subject}
    return not piece.names and 1 < len(current.figures) < len(names)


def _listed(piece: Clause, pieces: Sequence[Clause], position: int) -> tuple[Clause | None, int]:
    """Return a subordinate list of names with its verb: "as Alphabet, Amazon and Meta fell"."""
    names = piece.names
    if not names or _stands_alone(piece) or piece.end - names[-1].end > 0:
        return None, position
    if names[0].start - piece.start > 3:
        return None, position
    whole = Clause(piece.start, piece.end, piece.link, list(piece.marks))
    last = min(len(pieces), position + _LOOKAHEAD)
    while position < last and pieces[position].link in (COMMA, AND):
        is_last = pieces[position].link == AND
        whole.join(pieces[position])
        position += 1
        if is_last:
            return (whole, position) if _stands_alone(whole) else (None, position)
    return None, position


def _inserts(current: Clause, piece: Clause) -> bool:
    """Whether the first figure of a clause stands in commas behind its name: "Meta, with a budget
    of $65bn, rose 2%"."""
    if piece.link != COMMA or current.figures or current.directions or not piece.figures:
        return False
    has_name = bool(current.names)
    return has_name and not bool(piece.names)


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
    has_subject = bool(piece.names or piece.having(*SHARES, "venues"))
    has_level = bool(piece.having("levels.verbs"))
    if has_figure and (directions or has_subject or has_level):
        return True
    if has_figure and piece.having("market_value.words"):
        return True
    if piece.having("extremes.any", "extremes.up", "extremes.down") and directions:
        return has_subject
    is_moving = any(mark.has(*VERBS) for mark in directions) or (
        has_level and any(mark.has(*ADVERBS) for mark in directions)
    )
    return is_moving or bool(piece.having("recovery.recovered"))
