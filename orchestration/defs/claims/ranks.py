"""The rank of a day: "in the top 10 of the worst days".

Belongs here: that one rule. Does not belong here: extremes with a month (`extremes`).
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.defs.claims.heads import WHO
from orchestration.defs.claims.marks import Figure
from orchestration.defs.claims.scene import Draft, Scene


def ranks(scene: Scene) -> Iterator[Draft]:
    """Yield "in the top 10 of the worst days"."""
    clause, found = scene.clause, scene.heads
    words = clause.having("extremes.up", "extremes.down")
    days = clause.having("ranks.days")
    if not words or not days:
        return
    tops = clause.having("ranks.top")
    for mark in clause.marks:
        is_number = mark.has("numbers.digits", "numbers.words") and "." not in str(mark.number)
        behind_top = any(0 <= mark.start - top.end <= 1 for top in tops)
        before_days = any(0 <= word.start - mark.end <= 1 for word in words)
        if not is_number or not (behind_top or before_days):
            continue
        who = [head for head in found if head.kind in WHO]
        subjects, doubts = (
            scene.context.resolve(who[0], found) if who else (scene.inherited.subjects, set[str]())
        )
        for subject in subjects[:1]:
            direction = "up" if words[0].has("extremes.up") else "down"
            figure = Figure(str(mark.number), "rank", qualifier="at_most")
            start = min(tops[0].start if behind_top else mark.start, words[0].start)
            end = max(mark.end, words[0].end)
            yield Draft(
                subject, "rank_of_day", direction, figure, start, end, "rank_of_day", set(doubts)
            )
        return
