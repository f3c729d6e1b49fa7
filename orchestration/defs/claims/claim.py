"""One claim and how sure the reader is of it.

Belongs here: the fields of a claim and the table of confidence. Does not belong here: finding it.
"""

from __future__ import annotations

from dataclasses import dataclass

PRICE_FAMILY = (
    "price_change",
    "price_level",
    "market_value_change",
    "market_value_level",
    "largest_fall_since",
    "largest_rise_since",
    "recovered_after_early_fall",
    "rank_of_day",
)
# How often a rule is right by its nature: the closer the words, the higher.
RULES = {
    "subject_verb_value": 0.95,  # Nvidia fell 17%, Nvidia sloot 17 procent lager
    "signed": 0.95,  # Nvidia (-17%)
    "noun_of_subject": 0.9,  # a 17% fall in Nvidia shares
    "value_before_subject": 0.85,  # down 17% was Nvidia, cayeron un 17% las acciones de Nvidia
    "respectively": 0.9,  # Alphabet and Amazon fell 3% and 1%
    "shared_value": 0.85,  # Alphabet and Microsoft both fell 3%
    "list_item": 0.85,  # ..., Amazon 1% and Microsoft 3%
    "subject_verb_level": 0.9,  # Nvidia closed at $118.42
    "market_value": 0.9,  # wiped $589bn off its market value
    "direction_only": 0.7,  # Apple rose
    "extreme_since": 0.9,  # its largest fall since March 2020
    "rank_of_day": 0.8,  # one of the ten worst days
    "recovery": 0.8,  # made up for early losses
    "other_family": 0.8,  # revenue rose 12%
}
# What makes it less sure, each a factor.
DOUBTS = {
    "pronoun": 0.9,  # the company, its shares
    "inherited_subject": 0.85,  # and closed at $118.42
    "unknown_subject": 0.6,  # a name that the alias table lacks
    "inherited_direction": 0.95,  # Amazon 1%
    "joint_subject": 0.9,  # one amount for several names together
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says; the landed columns of the same names (see `landed`) hold these values."""

    part: str
    span_start: int
    span_end: int
    subject: str
    symbol: str | None
    measure: str
    direction: str | None
    stated_value: str | None
    stated_value_to: str | None
    scale: float
    unit: str
    qualifier: str
    as_of: str
    period: str
    stated_date: str | None
    stated_date_rule: str
    rule: str
    confidence: float

    @property
    def is_price_family(self) -> bool:
        """Whether prices could show it."""
        return self.measure in PRICE_FAMILY


def confidence(rule: str, doubts: set[str]) -> float:
    """Return the confidence of a rule under some doubts, with two decimals."""
    value = RULES[rule]
    for doubt in sorted(doubts):
        value *= DOUBTS[doubt]
    return round(value, 2)
