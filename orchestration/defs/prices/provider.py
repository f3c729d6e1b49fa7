"""What a price provider is, what it answers and how it says that it cannot.

Belongs here: the protocol, its answer, its errors and how a provider is chosen by name.
Does not belong here: anything that one provider does (its module in `providers/`).
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.settings import Settings

_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=-]{0,19}")


class FetchError(RuntimeError):
    """One symbol could not be fetched. The message is the reason, in one sentence.

    Attributes:
        outcome: the kind of failure, one word for tables and counts.
        is_failure: False when the provider answered honestly that it has nothing.
        is_worth_retrying: whether the same question may succeed a little later.
        retry_after_seconds: how long the provider asked to wait, if it did.
        tries: how often the provider was asked.
    """

    outcome: ClassVar[str] = "failed"
    is_failure: ClassVar[bool] = True
    is_worth_retrying: ClassVar[bool] = False

    def __init__(self, reason: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds
        self.tries = 1


class NoDataError(FetchError):
    """The provider works, knows the question and has no bars for it."""

    outcome = "no_data"
    is_failure = False


class NotRecordedError(NoDataError):
    """The symbol is not part of a recorded set."""

    outcome = "not_recorded"


class UnknownSymbolError(FetchError):
    """The provider does not know the symbol, or the text cannot be a symbol."""

    outcome = "unknown_symbol"


class NoCalendarError(FetchError):
    """The symbol's exchange has no trading sessions, so no bar of it can be judged final."""

    outcome = "no_calendar"


class RateLimitedError(FetchError):
    """The provider asks to slow down."""

    outcome = "rate_limited"
    is_worth_retrying = True


class ProviderDownError(FetchError):
    """The provider cannot be reached, is too slow or reports an error of its own."""

    outcome = "provider_down"
    is_worth_retrying = True


class TruncatedAnswerError(FetchError):
    """The answer ended before it was complete."""

    outcome = "truncated_answer"
    is_worth_retrying = True


class MalformedAnswerError(FetchError):
    """The answer is complete and cannot be understood."""

    outcome = "malformed_answer"


class RefusedError(FetchError):
    """The provider will not answer this question (access or parameters)."""

    outcome = "refused"


class ProviderUnusableError(RuntimeError):
    """The chosen provider cannot work at all. The message names what to mend."""


@dataclass(frozen=True)
class Fetched:
    """What a provider has for one symbol.

    Attributes:
        bars: `tables.bars_schema()`, one row per session, ascending.
        actions: `tables.actions_schema()`, ascending by ex-date.
        currency: the quote currency as the provider spells it (`GBp` is pence).
        tries: how often the provider was asked.
    """

    bars: pa.Table
    actions: pa.Table
    currency: str | None
    tries: int = 1


class PriceProvider(Protocol):
    """A source of daily bars and corporate actions."""

    @property
    def name(self) -> str:
        """The provider's module name; landed with every row."""
        ...

    @property
    def is_asked_whole(self) -> bool:
        """Whether every fetch asks from the first day on, and not from where bars end.

        For a provider that costs nothing to ask and whose past can grow at any time.
        """
        ...

    def fetch(self, symbol: str, start: date, end: date) -> Fetched:
        """Return bars and actions of the sessions from `start` to `end`, both included.

        Raises:
            FetchError: the kind says why; an empty answer is a `NoDataError`.
        """
        ...

    def available_until(self, symbol: str) -> date | None:
        """Return the last session that the provider can ever have for a symbol.

        None means that it has no end. `date.min` means that it has nothing for the symbol.
        """
        ...

    def rejections(self) -> list[str]:
        """Return what it was given and could not use, a line each with name and reason."""
        ...


def check_symbol(symbol: str) -> str:
    """Return the symbol if it can be one; it may go into an address as it stands.

    Raises:
        UnknownSymbolError: it has other characters or is too long.
    """
    if not _SYMBOL.fullmatch(symbol):
        raise UnknownSymbolError(
            f"{symbol!r} is not a symbol: use 1 to 20 of A-Z 0-9 . ^ = - "
            "that start with a letter, digit or ^."
        )
    return symbol


def load_provider(settings: Settings, name: str) -> PriceProvider:
    """Return a provider by the name of its module, which settings or instruments have checked.

    Raises:
        ProviderUnusableError: its module has no `provider` function, or it cannot start.
    """
    module = importlib.import_module(f"{__package__}.providers.{name}")
    factory = getattr(module, "provider", None)
    if not callable(factory):
        raise ProviderUnusableError(
            f"{module.__name__} has no provider(settings) function: every module in "
            "orchestration/defs/prices/providers/ must have one."
        )
    return cast(PriceProvider, factory(settings))
