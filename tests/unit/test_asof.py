"""Which moments can be asked for, and what is said about the others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.asof import AsOfError, build_as_of, moment_of
from tests.price_world import settings_in, utc, world_in

NOW = utc(2, 3, 12)


@pytest.mark.parametrize(
    ("text", "known_at", "name"),
    [
        ("2025-01-31", datetime(2025, 1, 31, 23, 59, 59, 999999, UTC), "2025-01-31"),
        # the end of today has not come
        ("2025-02-03", NOW, "2025-02-03"),
        ("2025-01-31T17:00:00+01:00", utc(1, 31, 16), "20250131T160000000000Z"),
    ],
)
def test_a_day_means_its_end_and_a_moment_itself(text: str, known_at: datetime, name: str) -> None:
    moment = moment_of(text, NOW)
    assert (moment.known_at, moment.name) == (known_at, name)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-02-30", "2025-1-31", "2025-01-31T17:00", "../2025-01-31"]
)
def test_what_is_no_moment_is_an_error_with_its_mend(text: str) -> None:
    with pytest.raises(AsOfError, match="give a day that exists, such as 2025-01-31"):
        moment_of(text, NOW)


@pytest.mark.parametrize("text", ["2025-02-04", "2025-02-03T12:00:01Z"])
def test_the_future_is_not_known(text: str) -> None:
    with pytest.raises(AsOfError, match="lies in the future; it is 2025-02-03 12:00 UTC"):
        moment_of(text, NOW)


def test_before_anything_landed_there_is_nothing_to_build(tmp_path: Path) -> None:
    world = world_in(tmp_path, {})
    world.run(NOW)
    with pytest.raises(AsOfError, match=r"nothing had landed by then; .* since 2025-02-03 12:00"):
        build_as_of(world.settings, moment_of("2025-02-02", NOW), print)
    assert not (tmp_path / "asof").exists()


def test_an_empty_deployment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AsOfError, match=r"landing/instruments has nothing .*: make run first"):
        build_as_of(settings_in(tmp_path), moment_of("2025-02-02", NOW), print)
