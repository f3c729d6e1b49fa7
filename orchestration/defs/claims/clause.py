"""One clause: the marks of a stretch of a sentence that belong together.

Belongs here: the record and how two are joined. Does not belong here: where one begins
(`clauses`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.defs.claims.marks import Mark

# How a piece is joined to what stands before it.
START, COMMA, AND, STRONG = "start", "comma", "and", "strong"
SUBORDINATE, RELATIVE = "subordinate", "relative"
# Lists of the language file that several rules ask for.
VERBS = ("directions.up.verbs", "directions.down.verbs")
ADVERBS = ("directions.up.adverbs", "directions.down.adverbs")
NOUNS = ("directions.up.nouns", "directions.down.nouns")
EXTREMES = ("extremes.any", "extremes.up", "extremes.down")
SHARES = ("shares.words", "shares.company", "shares.any", "shares.index")


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
        """The names of the cues that stand in it; as a reason ("after its forecast") a forecast
        is none."""
        named = {key.rsplit(".", 1)[1] for key in self.keys if key.startswith("cues.")}
        forecasts = self.having("cues.clause.forecast") if "forecast" in named else []
        if forecasts and all(mark.start in self.asides for mark in forecasts):
            named.discard("forecast")
        return named

    @property
    def names(self) -> list[Mark]:
        """The names in it."""
        return [mark for mark in self.marks if mark.subject]

    def join(self, piece: Clause) -> None:
        """Take in the piece behind it."""
        self.marks.extend(piece.marks)
        self.keys |= piece.keys
        self.asides |= piece.asides
        self.end = piece.end

    def set_aside(self) -> None:
        """Make all of it an aside."""
        self.asides.update(mark.start for mark in self.marks)
