"""The documented figures as the warehouse judged them, and what each is held to.

Belongs here: reading their rows of `claim_verdicts` and deciding whether a figure is a number to
compare or a verdict to confirm. Does not belong here: Great Expectations (`validation`), what the
outcome means for publication (`judgement`), any tolerance or derived number (dbt).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from orchestration.defs.reference.tables import VERDICTS

# With one of these the deciding number lies in the interval; with another it need not.
AGREEING = VERDICTS[:3]
BASES = {
    "close_to_close": "at the close",
    "intraday_range": "within the session's range",
    "open": "at the open",
    "low": "at the session's low",
    "high": "at the session's high",
    "two_session": "over two sessions",
    "previous_session": "in the session before",
    "last_print": "at the last print",
    "other_listing": "on another listing",
}
_NUMERIC_UNITS = ("percent", "usd", "eur", "rank")


@dataclass(frozen=True)
class Figure:
    """One row of `claim_verdicts` whose source is a documented figure; columns as there."""

    figure_id: str
    article_id: str
    publisher: str | None
    article_url: str | None
    stated_text: str | None
    stated_value: float | None
    unit: str
    qualifier: str
    interval_low: float | None
    interval_high: float | None
    is_interval_low_included: bool | None
    is_interval_high_included: bool | None
    interval_text: str | None
    basis: str | None
    derived_value: float | None
    derived_close_value: float | None
    derived_low_value: float | None
    derived_high_value: float | None
    verdict: str | None
    explanation: str | None
    expected_verdict: str | None
    testable_from: str
    rests_on_correction: bool | None
    correction_citation: str | None

    @property
    def expected(self) -> str | None:
        """The verdict it is held to; None while nobody has said one."""
        if self.expected_verdict is None and self.testable_from == "not_testable":
            return "not_testable"
        return self.expected_verdict

    @property
    def is_number(self) -> bool:
        """Whether its derived value is to lie in its interval.

        Decided by words, never by whether numbers are there: a number that vanished must fail.
        """
        return (
            self.testable_from != "not_testable"
            and self.unit in _NUMERIC_UNITS
            and self.qualifier != "direction_only"
            and (self.expected is None or self.expected in AGREEING)
        )

    @property
    def has_interval(self) -> bool:
        """Whether there is a bound to compare with."""
        return self.interval_low is not None or self.interval_high is not None


def read_figures(warehouse: Path) -> dict[str, list[Figure]]:
    """Return the documented figures of the warehouse by id; more than one row is a defect.

    Raises:
        duckdb.Error: the mart is missing, lacks a column, or a writer has the file open.
    """
    import duckdb

    columns = ", ".join(field.name for field in fields(Figure))
    found: dict[str, list[Figure]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            f"select {columns} from marts.claim_verdicts "  # noqa: S608 - our own field names
            "where claim_source = 'documented' order by all"
        ).fetchall()
    for row in rows:
        figure = Figure(*row)
        found.setdefault(figure.figure_id, []).append(figure)
    return found
