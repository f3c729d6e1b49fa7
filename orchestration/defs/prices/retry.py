"""Ask again, a little later each time, and not for ever.

Belongs here: how long to wait and when to stop. Does not belong here: which failures are worth
another try; each error says that of itself.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from orchestration.defs.prices.provider import FetchError

_Answer = TypeVar("_Answer")


class Retrier:
    """Retries with exponential back-off and jitter, within one patience for all symbols.

    Args:
        tries: how often one symbol is asked for at most.
        first_wait_seconds: the wait after the first failure; it doubles each time, and the
            jitter takes up to half of it away so that many clients do not return together.
        longest_wait_seconds: no single wait is longer, whatever the provider asks for.
        patience_seconds: what all waits together may cost. Once it is used up every symbol is
            still asked for, but only once: a provider that is down must not hold a run for hours.
        sleep: how to wait.
        jitter: gives a number from 0 to 1; random when absent.
    """

    def __init__(
        self,
        *,
        tries: int = 4,
        first_wait_seconds: float = 1.0,
        longest_wait_seconds: float = 60.0,
        patience_seconds: float = 180.0,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._tries = tries
        self._first_wait = first_wait_seconds
        self._longest_wait = longest_wait_seconds
        self._patience = patience_seconds
        self._sleep = sleep
        self._jitter = jitter or random.SystemRandom().random

    def call(self, ask: Callable[[], _Answer]) -> tuple[_Answer, int]:
        """Return the answer and the number of tries.

        Raises:
            FetchError: the last failure, with its number of tries.
        """
        done = 0
        while True:
            done += 1
            try:
                return ask(), done
            except FetchError as error:
                error.tries = done
                wait = self._wait(done, error)
                if not error.is_worth_retrying or done >= self._tries or wait > self._patience:
                    raise
            self._patience -= wait
            self._sleep(wait)

    def _wait(self, done: int, error: FetchError) -> float:
        backoff = self._first_wait * 2.0 ** (done - 1) * (1.0 - self._jitter() / 2)
        return min(max(backoff, error.retry_after_seconds), self._longest_wait)


class Pause:
    """Keeps a least time between two requests.

    Args:
        seconds: that time.
        clock: seconds of a clock that never goes back.
        sleep: how to wait.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._next = float("-inf")

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        ahead = self._next - self._clock()
        if ahead > 0:
            self._sleep(ahead)
        self._next = self._clock() + self._seconds
