"""Claims that compare days: the largest since, the rank of a day, an early fall made good.

Belongs here: the three of them and moves without a figure. Does not belong here: claims with a
figure of their own (`moves`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from orchestration.defs.claims.clause import AND, STRONG, Clause
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.heads import FAMILY, GENERIC, MARKET, NAME, WHO, Head
from orchestration.defs.claims.marks import Figure, Mark
from orchestration.defs.claims.moves import Draft, Inherited
from orchestration.defs.claims.subjects import Subject

_EXTREMES = ("extremes.any", "extremes.up", "extremes.down")
_VERBS = ("directions.up.verbs", "directions.down.verbs")
_ADVERBS = ("directions.up.adverbs", "directions.down.adverbs")
_NOUNS = ("directions.up.nouns", "directions.down.nouns")
_EXACT_TIMES = ("as_of.close", "as_of.open", "as_of.premarket", "as_of.after_hours")
_NO_FIGURE = Figure("", "percent", qualifier="direction_only")


def extremes(
    clause: Clause,
    found: Sequence[Head],
    context: Context,
    inherited: Inherited,
    published: date,
    is_silenced: bool,
) -> Iterator[Draft]:
    """Yield "its largest fall since March 2020".

    A negation behind "since" says the same: "not seen since March 2020".
    """
    words, since = clause.having(*_EXTREMES), clause.having("extremes.since")
    if is_silenced:
        cues = [mark for mark in clause.marks if any(key.startswith("cues.") for key in mark.keys)]
        behind = [mark for mark in cues if since and mark.start > since[0].start]
        if not cues or len(behind) < len(cues) or clause.cues != {"negation"}:
            return
    if not words or not since or any(head.kind in (FAMILY, MARKET) for head in found):
        return
    for mark in clause.marks:
        is_month = mark.day is not None and mark.day.month is not None
        if not is_month or not any(0 <= mark.start - word.end <= 2 for word in since):
            continue
        assert mark.day is not None and mark.day.month is not None  # noqa: S101, PT018
        word = words[0]
        direction = _extreme_direction(word, clause)
        subjects, doubts = _who(found, word, context, inherited)
        if direction is None or not subjects:
            continue
        this_year = mark.day.month <= published.month
        year = mark.day.year or (published.year if this_year else published.year - 1)
        figure = Figure(f"{year}-{mark.day.month:02d}", "month")
        measure = "largest_fall_since" if direction == "down" else "largest_rise_since"
        start, end = min(word.start, mark.start), max(word.end, mark.end)
        for subject in subjects:
            draft = Draft(subject, measure, direction, figure, start, end, "extreme_since", doubts)
            draft.place = word.start
            yield draft
        return


def _extreme_direction(word: Mark, clause: Clause) -> str | None:
    if word.has("extremes.up", "extremes.down"):
        return "up" if word.has("extremes.up") else "down"
    nearest = min(
        clause.directions,
        key=lambda mark: (not mark.has(*_NOUNS), abs(mark.start - word.end), mark.start),
        default=None,
    )
    return nearest.direction if nearest else None


def ranks(
    clause: Clause, found: Sequence[Head], context: Context, inherited: Inherited
) -> Iterator[Draft]:
    """Yield "in the top 10 of the worst days"."""
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
            context.resolve(who[0], found) if who else (inherited.subjects, set[str]())
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


def directions(
    clause: Clause, found: Sequence[Head], context: Context, inherited: Inherited
) -> Iterator[Draft]:
    """Yield "Apple rose": a verb of price, or a state such as "closed higher", of a listing."""
    if clause.figures:
        return
    for word in clause.directions:
        if word.start in clause.asides:
            continue
        is_state = bool(clause.having("levels.verbs")) and (
            word.has(*_ADVERBS) or (word.has(*_NOUNS) and bool(clause.having(*_EXACT_TIMES)))
        )
        if not (word.has(*_VERBS) or is_state):
            continue
        before = [head for head in found if head.end <= word.start]
        after = [head for head in found if head.start >= word.end]
        head = before[-1] if before else (after[0] if after else None)
        if head is None and clause.link in (AND, STRONG) and is_state:
            subjects, doubts = list(inherited.subjects), {"inherited_subject"}
        elif head is None or head.kind in (FAMILY, GENERIC, MARKET) or head.owner is not None:
            return
        else:
            subjects, doubts = context.resolve(head, found)
        listed: list[Subject] = [subject for subject in subjects if subject.is_listed]
        for subject in listed:
            yield Draft(
                subject,
                "price_change",
                word.direction,
                _NO_FIGURE,
                word.start,
                word.end,
                "direction_only",
                set(doubts),
            )
        return


def _main(who: Sequence[Head]) -> Head:
    """Return the first name, else the first word that stands for one."""
    return next((head for head in who if head.kind == NAME), who[0])


def _who(
    found: Sequence[Head], word: Mark, context: Context, inherited: Inherited
) -> tuple[list[Subject], set[str]]:
    who = [head for head in found if head.kind in WHO]
    before = [head for head in who if head.end <= word.start]
    if who:
        subjects, doubts = context.resolve(before[-1] if before else who[0], found)
        if subjects:
            return subjects, doubts
    return inherited.subjects, {"inherited_subject"}
