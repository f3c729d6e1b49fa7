"""Ask a provider for many symbols; one that fails does not lose the others.

Belongs here: the loop over symbols and what became of each. Does not belong here: which dates
to ask for (`plan.py`), and retries and pauses (the provider's own business).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration.defs.prices.landed import Reach
from orchestration.defs.prices.plan import Request
from orchestration.defs.prices.provider import (
    Fetched,
    FetchError,
    NoDataError,
    PriceProvider,
    check_symbol,
)
from orchestration.defs.prices.tables import actions_schema, bars_schema, between, empty

if TYPE_CHECKING:
    import pyarrow as pa

ANSWERED = "answered"


@dataclass(frozen=True)
class Outcome:
    """What became of one symbol.

    Attributes:
        symbol: the symbol.
        provider: who was asked.
        outcome: `answered`, or the `outcome` of the error.
        is_failure: whether somebody has to look at it.
        may_pass: whether the same question may succeed in a later run.
        tries: how often the provider was asked; 0 if it was not.
        rows: bars in the answer, new or not.
        first: first session of the answer.
        last: last session of the answer.
        reason: why there is no answer; empty if there is one.
    """

    symbol: str
    provider: str
    outcome: str
    is_failure: bool
    may_pass: bool
    tries: int
    rows: int
    first: date | None
    last: date | None
    reason: str

    def cells(self) -> dict[str, object]:
        """Return the outcome as a row of a table for people."""
        cells = asdict(self)
        del cells["is_failure"], cells["may_pass"]
        return {{"first": "from", "last": "to"}.get(name, name): v for name, v in cells.items()}


@dataclass(frozen=True)
class Collected:
    """All answers together, and what became of each symbol: by symbol, in the order of asking."""

    bars: pa.Table
    actions: pa.Table
    outcomes: list[Outcome]

    @property
    def failed(self) -> list[Outcome]:
        """The failures that no provider asked later made good; an honest empty answer is none."""
        return [o for o in self.outcomes if o.is_failure and self._answered_after(o) is None]

    @property
    def made_good(self) -> list[tuple[Outcome, Outcome]]:
        """The other failures, each with the answer of the provider that was asked later."""
        pairs = ((o, self._answered_after(o)) for o in self.outcomes if o.is_failure)
        return [(failure, answer) for failure, answer in pairs if answer is not None]

    def _answered_after(self, failure: Outcome) -> Outcome | None:
        of_symbol = [o for o in self.outcomes if o.symbol == failure.symbol]
        later = of_symbol[of_symbol.index(failure) + 1 :]
        return next((o for o in later if o.outcome == ANSWERED), None)

    @property
    def counts(self) -> dict[str, int]:
        """Outcomes per kind, answered ones first."""
        return _counts(self.outcomes)

    def counts_of(self, provider: str) -> dict[str, int]:
        """Outcomes of one provider per kind, answered ones first."""
        return _counts(o for o in self.outcomes if o.provider == provider)


def collect(
    provider: PriceProvider,
    requests: Sequence[Request],
    *,
    unasked: Mapping[str, FetchError],
    landed: Mapping[str, Reach],
    splits: set[tuple[str, date]],
) -> Collected:
    """Ask for every request and keep every answer and every reason.

    Args:
        provider: whom to ask.
        requests: what to ask, one per symbol; no `end` lies after the last closed session.
        unasked: symbols that cannot be asked for, and why.
        landed: per symbol, what has landed from this provider.
        splits: symbol and ex-date of the splits that landed bars already take into account.
    """
    import pyarrow as pa

    answers: list[Fetched] = []
    outcomes = [_failed(symbol, provider.name, error, tries=0) for symbol, error in unasked.items()]
    for request in requests:
        try:
            check_symbol(request.symbol)
            answer = _closed_only(provider, request)
            known = landed.get(request.symbol)
            if known and known.first < request.start and _has_new_split(answer, splits):
                # A split rescales every earlier price, so the overlap alone is not enough.
                answer = _closed_only(provider, Request(request.symbol, known.first, request.end))
        except FetchError as error:
            outcomes.append(_failed(request.symbol, provider.name, error, error.tries))
        else:
            answers.append(answer)
            outcomes.append(_answered(request.symbol, provider.name, answer))
    return Collected(
        bars=pa.concat_tables([empty(bars_schema()), *(a.bars for a in answers)]),
        actions=pa.concat_tables([empty(actions_schema()), *(a.actions for a in answers)]),
        outcomes=sorted(outcomes, key=lambda outcome: outcome.symbol),
    )


def together(parts: Iterable[Collected]) -> Collected:
    """Return what was collected one after the other as one; at least one part."""
    import pyarrow as pa

    parts = list(parts)
    return Collected(
        bars=pa.concat_tables(part.bars for part in parts),
        actions=pa.concat_tables(part.actions for part in parts),
        # stable, so that the outcomes of a symbol stay in the order of asking
        outcomes=sorted((o for part in parts for o in part.outcomes), key=lambda o: o.symbol),
    )


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    counts = Counter(outcome.outcome for outcome in outcomes)
    return {ANSWERED: counts.pop(ANSWERED, 0), **dict(sorted(counts.items()))}


def _closed_only(provider: PriceProvider, request: Request) -> Fetched:
    """Ask, and cut off what lies outside: some providers add the running session of today."""
    answer = provider.fetch(request.symbol, request.start, request.end)
    bars = between(answer.bars, "session_date", request.start, request.end)
    actions = between(answer.actions, "ex_date", request.start, request.end)
    if not bars.num_rows:
        error = NoDataError(f"no closed session from {request.start} to {request.end}.")
        error.tries = answer.tries
        raise error
    return Fetched(bars, actions, answer.currency, answer.tries)


def _has_new_split(answer: Fetched, splits: set[tuple[str, date]]) -> bool:
    return any(
        row["kind"] == "split" and (row["symbol"], row["ex_date"]) not in splits
        for row in answer.actions.to_pylist()
    )


def _answered(symbol: str, provider: str, answer: Fetched) -> Outcome:
    days = answer.bars["session_date"]
    return Outcome(
        symbol=symbol,
        provider=provider,
        outcome=ANSWERED,
        is_failure=False,
        may_pass=False,
        tries=answer.tries,
        rows=answer.bars.num_rows,
        first=days[0].as_py(),
        last=days[-1].as_py(),
        reason="",
    )


def _failed(symbol: str, provider: str, error: FetchError, tries: int) -> Outcome:
    return Outcome(
        symbol=symbol,
        provider=provider,
        outcome=error.outcome,
        is_failure=error.is_failure,
        may_pass=error.is_worth_retrying,
        tries=tries,
        rows=0,
        first=None,
        last=None,
        reason=str(error),
    )
