"""Back-off, patience and pace, without waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestration.defs.prices.provider import (
    FetchError,
    MalformedAnswerError,
    NoDataError,
    ProviderDownError,
    RateLimitedError,
    RefusedError,
    TruncatedAnswerError,
    UnknownSymbolError,
)
from orchestration.defs.prices.retry import Pause, Retrier


def failing(times: int, error: FetchError) -> Callable[[], str]:
    left = [times]

    def ask() -> str:
        if left[0]:
            left[0] -= 1
            raise error
        return "fine"

    return ask


def retrier(waits: list[float], **changes: float) -> Retrier:
    return Retrier(sleep=waits.append, jitter=lambda: 0.0, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [RateLimitedError, ProviderDownError, TruncatedAnswerError])
def test_what_may_pass_is_asked_again_later_each_time(kind: type[FetchError]) -> None:
    waits: list[float] = []
    assert retrier(waits).call(failing(3, kind("x"))) == ("fine", 4)
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "kind", [NoDataError, UnknownSymbolError, MalformedAnswerError, RefusedError]
)
def test_what_will_not_pass_is_asked_once(kind: type[FetchError]) -> None:
    waits: list[float] = []
    with pytest.raises(kind) as caught:
        retrier(waits).call(failing(1, kind("x")))
    assert (caught.value.tries, waits) == (1, [])


def test_it_gives_up_after_its_tries() -> None:
    waits: list[float] = []
    with pytest.raises(ProviderDownError) as caught:
        retrier(waits, tries=3).call(failing(9, ProviderDownError("x")))
    assert (caught.value.tries, waits) == (3, [1.0, 2.0])


def test_jitter_takes_up_to_half_of_a_wait() -> None:
    waits: list[float] = []
    half = Retrier(sleep=waits.append, jitter=lambda: 1.0)
    half.call(failing(2, ProviderDownError("x")))
    assert waits == [0.5, 1.0]


def test_the_provider_may_ask_for_longer_but_not_for_ever() -> None:
    waits: list[float] = []
    asking = retrier(waits, longest_wait_seconds=30.0)
    asking.call(failing(1, RateLimitedError("x", retry_after_seconds=20.0)))
    asking.call(failing(1, RateLimitedError("x", retry_after_seconds=86400.0)))
    assert waits == [20.0, 30.0]


def test_patience_is_shared_and_leaves_every_symbol_one_try() -> None:
    waits: list[float] = []
    impatient = retrier(waits, patience_seconds=4.0)
    with pytest.raises(ProviderDownError):
        impatient.call(failing(9, ProviderDownError("x")))
    assert waits == [1.0, 2.0]  # 4 more would be too long
    with pytest.raises(ProviderDownError) as caught:
        impatient.call(failing(9, ProviderDownError("y")))
    assert (waits, caught.value.tries) == ([1.0, 2.0, 1.0], 2)
    assert impatient.call(failing(0, ProviderDownError("z"))) == ("fine", 1)


def test_requests_keep_their_distance() -> None:
    now = [100.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pause = Pause(0.5, clock=lambda: now[0], sleep=sleep)
    pause.wait()
    now[0] += 0.25
    pause.wait()
    now[0] += 3.0
    pause.wait()
    assert waits == [0.25]
