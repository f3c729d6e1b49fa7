"""Which clauses of a sentence are no claims: questions, forecasts, conditions, negations.

Belongs here: how far a cue reaches. Does not belong here: the cues (the language files).
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.defs.claims.clause import AND, COMMA, Clause
from orchestration.defs.claims.text import Token

_SPREADING = frozenset({"forecast", "target", "conditional"})
_QUESTION = "?\uff1f"


def silenced(sentence: Sequence[Token], found: Sequence[Clause]) -> list[bool]:
    """Return for each clause whether what it says is no claim.

    A question or a cue of the sentence silences all. A condition at the start does too. A
    forecast spreads to the clauses that "and" or a comma ties to it.
    """
    everything = any(token.text in _QUESTION for token in sentence[-2:]) or any(
        key.startswith("cues.sentence.") for clause in found for key in clause.keys
    )
    first = found[0]
    if "conditional" in first.cues and len(found) > 1:
        opening = [mark for mark in first.marks if mark.has("cues.clause.conditional")]
        everything = everything or opening[0].start <= 1
    made: list[bool] = []
    spreading, is_insertion = False, False
    for clause in found:
        own = clause.cues
        if clause.link not in (COMMA, AND) or is_insertion:
            spreading = False
        is_insertion = clause.is_insertion
        is_silent = everything or bool(own) or spreading
        made.append(is_silent)
        has_core = bool(clause.figures or clause.directions)
        spreading = is_silent and has_core and (spreading or bool(own & _SPREADING))
    return made
