"""From a title and a body to claims: the reader of one language.

Belongs here: the order of the steps and what holds from sentence to sentence. Does not belong
here: one sentence (`sentence`), its words (`tagging`) and landing (`landed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from orchestration.defs.claims.claim import Claim, confidence
from orchestration.defs.claims.context import Context
from orchestration.defs.claims.language import Language
from orchestration.defs.claims.own_time import Time
from orchestration.defs.claims.scene import Draft
from orchestration.defs.claims.sentence import Carried, drafts
from orchestration.defs.claims.subjects import Aliases, Listings
from orchestration.defs.claims.tagging import Tagger
from orchestration.defs.claims.text import Token, is_bullet, normal_form, sentences, stream

# A moment has no extreme.
_MOMENTS = frozenset({"open", "close", "premarket", "after_hours"})


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
        carried = Carried()
        abbreviations, months = self._language.abbreviations, self._tagger.month_words
        for sentence in sentences(stream(text), abbreviations, months):
            item = is_bullet(sentence[0])
            if not item and not carried.is_open:
                carried = Carried()
            marks = self._tagger.marks(sentence)
            if marks:
                made = list(drafts(sentence, marks, published, context, carried))
                made.sort(key=lambda pair: (pair[0].start, pair[0].end, pair[0].measure))
                for draft, time in made:
                    yield self._claim(draft, time, part, sentence)
            carried.is_open = sentence[-1].key == ":" or item

    def _claim(self, draft: Draft, time: Time, part: str, sentence: Sequence[Token]) -> Claim:
        figure = draft.figure
        currency = figure.unit if draft.measure.startswith("price") else None
        subject = self._listings.at(draft.subject, draft.venue, currency)
        as_of, qualifier = time.as_of or "unstated", figure.qualifier
        if qualifier in ("as_much_as", "stressed"):
            is_move, is_firm = draft.measure == "price_change", qualifier == "as_much_as"
            is_extreme = as_of == "intraday" or (is_firm and as_of not in _MOMENTS)
            qualifier = "at_most" if is_firm and not is_move else "exact"
            if is_move and is_extreme:
                as_of = "intraday_low" if draft.direction == "down" else "intraday_high"
        return Claim(
            part=part,
            span_start=sentence[draft.start].start,
            span_end=sentence[draft.end - 1].end,
            subject=subject.name,
            symbol=subject.symbol,
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
            confidence=confidence(draft.rule, draft.doubts),
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
