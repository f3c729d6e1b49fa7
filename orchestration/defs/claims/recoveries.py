"""An early fall made good: "began with a loss, but closed higher".

Belongs here: the one rule that looks at two clauses. Does not belong here: any with a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.defs.claims.clause import Clause
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.heads import NAME, WHO, Head
from orchestration.defs.claims.marks import Figure
from orchestration.defs.claims.scene import Draft


def recoveries(
    sentence_clauses: Sequence[Clause], all_heads: Sequence[Sequence[Head]], context: Context
) -> Iterator[tuple[int, Draft]]:
    """Yield "began with a loss but made it good" with the clause in which it ends."""
    for begin, clause in enumerate(sentence_clauses):
        early = clause.having("recovery.early_fall")
        if not early and clause.having("as_of.open", "as_of.intraday"):
            early = [mark for mark in clause.directions if mark.direction == "down"]
        if not early:
            continue
        for end in range(len(sentence_clauses)):
            good = sentence_clauses[end].having("recovery.recovered")
            good = [mark for mark in good if mark not in early]
            if not good or (end < begin and not clause.having("recovery.early_fall")):
                continue
            both = [*all_heads[begin], *all_heads[end]]
            who = [head for head in both if head.kind in WHO]
            subjects, doubts = context.resolve(_main(who)) if who else ([], set())
            first, last = min(early[0].start, good[0].start), max(early[0].end, good[-1].end)
            for subject in subjects:
                if subject.kind in ("company", "index"):
                    figure = Figure("", "direction", qualifier="direction_only")
                    yield (
                        end,
                        Draft(
                            subject,
                            "recovered_after_early_fall",
                            "up",
                            figure,
                            first,
                            last,
                            "recovery",
                            set(doubts),
                        ),
                    )
            return


def _main(who: Sequence[Head]) -> Head:
    """Return the first name, else the first word that stands for one."""
    return next((head for head in who if head.kind == NAME), who[0])
