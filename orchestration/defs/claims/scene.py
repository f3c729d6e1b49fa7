"""What a rule sees: one clause, who was named before it, and what it may take over.

Belongs here: the records that the rules read and write. Does not belong here: the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.defs.claims.clause import Clause
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.heads import Head
from orchestration.defs.claims.marks import Figure
from orchestration.defs.claims.subjects import Subject
from orchestration.defs.claims.text import Token


@dataclass(slots=True)
class Draft:
    """A claim before its time and its characters are known; places are tokens.

    Attributes:
        start: first token of the figure words; `end` is one past the last.
        place: the token by which its date is chosen.
        venue: the city that stands beside it.
    """

    subject: Subject
    measure: str
    direction: str | None
    figure: Figure
    start: int
    end: int
    rule: str
    doubts: set[str] = field(default_factory=set)
    venue: str | None = None
    place: int = 0


@dataclass(slots=True)
class Inherited:
    """What a clause may take over from the one before it in its sentence.

    Attributes:
        amount: the last market-value measure and its currency.
    """

    subjects: list[Subject] = field(default_factory=list)
    direction: str | None = None
    family: str | None = None
    is_market: bool = False
    venue: str | None = None
    amount: tuple[str, str] | None = None


@dataclass(slots=True)
class Scene:
    """One clause as the rules see it.

    Attributes:
        heads: what the clause talks about.
        context: who was named last in the article.
        inherited: what the clause before leaves; the rules leave it for the next.
        is_silenced: a forecast, a condition or a negation stands over the clause.
    """

    clause: Clause
    sentence: Sequence[Token]
    heads: Sequence[Head]
    context: Context
    inherited: Inherited
    published: date
    is_silenced: bool
