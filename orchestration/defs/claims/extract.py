"""From a title and a body to claims: the reader, sentence by sentence.

Belongs here: the order of the steps and what holds from sentence to sentence. Does not belong
here: each step (`text`, `tagging`, `clauses`, `heads`, `binding`, `moves`, `milestones`, `times`)
and landing (`landed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from orchestration.defs.claims import claim as record
from orchestration.defs.claims.claim import Claim
from orchestration.defs.claims.clause import AND, COMMA, RELATIVE, SUBORDINATE, Clause
from orchestration.defs.claims.clauses import clauses
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.heads import NAME, WHO, Head, heads
from orchestration.defs.claims.language import Language
from orchestration.defs.claims.milestones import directions, extremes, ranks, recoveries
from orchestration.defs.claims.moves import Draft, Inherited, moves
from orchestration.defs.claims.subjects import Aliases, Listings, Subject
from orchestration.defs.claims.tagging import Tagger
from orchestration.defs.claims.text import Token, is_bullet, normal_form, sentences, tokens
from orchestration.defs.claims.times import Time, time_at, times

_TELLING = ("ranks.days", "recovery.recovered")
_SPREADING = frozenset({"forecast", "target", "conditional"})


@dataclass(slots=True)
class _List:
    """What a line that ends with a colon, and the items before, leave to a list item."""

    direction: str | None = None
    time: Time = field(default_factory=Time)
    is_open: bool = False


class Reader:
    """Reads articles of one language. Deterministic; holds no state between articles."""

    def __init__(
        self, language: Language, aliases: Aliases, listings: Listings | None = None
    ) -> None:
        """Take a language, its aliases, and the other listings of their companies."""
        self._listings = listings or Listings(())
        self._tagger = Tagger(language, aliases)
        self._language = language

    def claims(self, title: str, body: str, published_at: datetime) -> list[Claim]:
        """Return the claims of an article in order of the text, title first.

        A move without a figure is left out where the article gives a figure for the same
        subject and direction, or has said the same before.
        """
        context = Context()
        published = published_at.astimezone(UTC).date()
        found = [
            claim
            for part, text in (("title", title), ("body", body))
            for claim in self._part(part, normal_form(text), published, context)
        ]
        return list(_without_echoes(found))

    def _part(self, part: str, text: str, published: date, context: Context) -> Iterator[Claim]:
        rest = _List()
        abbreviations, months = self._language.abbreviations, self._tagger.month_words
        for sentence in sentences(tokens(text), abbreviations, months):
            item = is_bullet(sentence[0])
            if not item and not rest.is_open:
                rest = _List()
            made = list(self._sentence(sentence, published, context, rest))
            rest.is_open = sentence[-1].key == ":" or item
            made.sort(key=lambda pair: (pair[0].start, pair[0].end, pair[0].measure))
            for draft, time in made:
                yield _claim(draft, time, part, sentence)

    def _sentence(
        self, sentence: Sequence[Token], published: date, context: Context, rest: _List
    ) -> Iterator[tuple[Draft, Time]]:
        marks = self._tagger.marks(sentence)
        if not marks:
            return
        found = clauses(sentence, marks)
        if not any(mark.figure or mark.direction or mark.has(*_TELLING) for mark in marks):
            for clause in found:
                context.note(heads(clause, sentence))
            rest.time = times(found, published, rest.time)[-1]
            return
        all_heads = [heads(clause, sentence) for clause in found]
        silenced = _silenced(sentence, found)
        when = times(found, published, rest.time)
        recovered = list(_recovered(found, all_heads, context, silenced, when))
        yield from recovered
        ways = _directions(found, rest.direction)
        inherited = Inherited()
        main: list[Subject] = []
        for index, clause in enumerate(found):
            inherited.direction = ways[index]
            inherited.venue = _venue(clause) or inherited.venue
            if index and found[index - 1].is_insertion and not _names(all_heads[index]):
                inherited.family, inherited.is_market = None, False
                inherited.subjects = main or inherited.subjects
            if clause.link == RELATIVE and index:
                main = inherited.subjects
                inherited.subjects = _just_named(found[index - 1], clause) or main
            else:
                main = []
            if not inherited.subjects and not _names(all_heads[index]):
                inherited.subjects = _ahead(all_heads[index + 1 :], context)
            drafts = list(
                moves(clause, all_heads[index], sentence, context, inherited, silenced[index])
            )
            is_silent = silenced[index]
            drafts += extremes(clause, all_heads[index], context, inherited, published, is_silent)
            if not is_silent:
                drafts += ranks(clause, all_heads[index], context, inherited)
                if not any(draft.rule != "other_family" for draft in drafts):
                    drafts += [
                        draft
                        for draft in directions(clause, all_heads[index], context, inherited)
                        if not any(draft.subject == done.subject for done, _ in recovered)
                    ]
            for draft in drafts:
                is_price = draft.measure.startswith("price")
                currency = draft.figure.unit if is_price and draft.figure else None
                draft.subject = self._listings.at(draft.subject, draft.venue, currency)
                yield draft, time_at(draft.place, clause, when[index], published)
            named, _ = context.resolve(_first(all_heads[index]))
            inherited.subjects = named or inherited.subjects
            context.note(all_heads[index])
        if ways and ways[-1]:
            rest.direction = ways[-1]
        if when:
            rest.time = when[-1]


def _recovered(
    found: Sequence[Clause],
    all_heads: Sequence[Sequence[Head]],
    context: Context,
    silenced: Sequence[bool],
    when: Sequence[Time],
) -> Iterator[tuple[Draft, Time]]:
    for index, draft in recoveries(found, all_heads, context):
        if not silenced[index]:
            at_close = any(clause.having("as_of.close") for clause in found)
            yield draft, replace(when[index], as_of="close" if at_close else None)


def _names(found: Sequence[Head]) -> list[Head]:
    return [head for head in found if head.kind in WHO]


def _first(found: Sequence[Head]) -> Head | None:
    named = _names(found)
    return next((head for head in named if head.kind == NAME), next(iter(named), None))


def _just_named(before: Clause, clause: Clause) -> list[Subject]:
    """Return the name right before a clause that begins with "which"."""
    names = [mark for mark in before.marks if mark.subject and clause.start - mark.end <= 3]
    return [mark.subject for mark in names[-1:] if mark.subject]


def _venue(clause: Clause) -> str | None:
    """Return the city that a clause begins with: it holds on in the clauses behind it."""
    marks = [mark for mark in clause.marks if mark.start - clause.start <= 3]
    return next((mark.under("venues") for mark in marks if mark.has("venues")), None)


def _ahead(later: Iterable[Sequence[Head]], context: Context) -> list[Subject]:
    """Return whom the next clause names: "After falling 3%, Apple recovered"."""
    for found in later:
        head = _first(found)
        if head is not None:
            return context.resolve(head)[0]
    return []


def _directions(found: Sequence[Clause], carried: str | None) -> list[str | None]:
    """Return the direction that each clause would take over: from before it, else behind it."""
    own = [clause.directions[-1].direction if clause.directions else None for clause in found]
    made: list[str | None] = []
    last = carried
    for index, clause in enumerate(found):
        later = next(
            (
                own[at]
                for at in range(index + 1, len(found))
                if own[at] and found[at].link in (COMMA, AND)
            ),
            None,
        )
        if clause.link == SUBORDINATE:
            last = None
        made.append(last or later)
        last = own[index] or last
    return made


def _silenced(sentence: Sequence[Token], found: Sequence[Clause]) -> list[bool]:
    """Return for each clause whether what it says is no claim.

    A question or a cue of the sentence silences all. A condition at the start does too. A
    forecast spreads to the clauses that "and" or a comma ties to it.
    """
    everything = any(token.text in "?？" for token in sentence[-2:]) or any(
        key.startswith("cues.sentence.") for c in found for m in c.marks for key in m.keys
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


def _claim(draft: Draft, time: Time, part: str, sentence: Sequence[Token]) -> Claim:
    figure = draft.figure
    assert figure is not None  # noqa: S101
    as_of = time.as_of or "unstated"
    qualifier = figure.qualifier
    if qualifier == "as_much_as":
        is_move = draft.measure == "price_change"
        qualifier = "exact" if is_move else "at_most"
        if is_move:
            as_of = "intraday_low" if draft.direction == "down" else "intraday_high"
    return Claim(
        part=part,
        span_start=sentence[draft.start].start,
        span_end=sentence[draft.end - 1].end,
        subject=draft.subject.name,
        symbol=draft.subject.symbol,
        measure=draft.measure,
        direction=draft.direction,
        stated_value=figure.value or None,
        stated_value_to=figure.value_to,
        scale=float(figure.scale),
        unit=figure.unit,
        qualifier=qualifier,
        as_of=as_of,
        period=time.period or "session",
        stated_date=time.day.isoformat() if time.day else None,
        stated_date_rule=time.day_rule,
        rule=draft.rule,
        confidence=record.confidence(draft.rule, draft.doubts),
    )


def _without_echoes(found: Sequence[Claim]) -> Iterator[Claim]:
    """Leave out a bare direction that a figure or an earlier bare direction already gives."""
    said: set[tuple[str, str | None, str]] = set()
    for claim in found:
        if claim.is_price_family and claim.rule != "direction_only":
            said.add((claim.subject, claim.direction, claim.as_of))
            said.add((claim.subject, claim.direction, "unstated"))
    for claim in found:
        if claim.rule == "direction_only":
            key = (claim.subject, claim.direction, claim.as_of)
            if key in said:
                continue
            said.add(key)
        yield claim
