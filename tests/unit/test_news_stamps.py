"""When an article was published, and what speaks against the stamp."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.defs.news.article import Article
from orchestration.defs.news.datelines import Dateline, dateline
from orchestration.defs.news.landed import Version, version_of
from orchestration.defs.news.stamps import judge, loose_moment

SEEN = datetime(2025, 1, 28, 9, tzinfo=UTC)
MONDAY = datetime(2025, 1, 27, 20, tzinfo=UTC)


def version(**fields: object) -> Version:
    plain = {
        "article_id": "a",
        "publisher": "P",
        "language": "en",
        "published_at": MONDAY,
        "url": None,
        "title": "Title",
        "body": "Shares of Nvidia fell 17% on Monday.",
    }
    return version_of(Article(**(plain | fields)), SEEN, SEEN)  # type: ignore[arg-type]


def test_a_stamp_that_nothing_speaks_against_is_believed() -> None:
    found = version(url="https://x.org/2025/01/28/a", body="NEW YORK, Jan 27 (Agency) - Text.")
    assert (found.published_at, found.published_at_source) == (MONDAY, "stated")
    assert found.published_at_note is None


def test_the_first_sight_stands_in_for_no_stamp() -> None:
    found = version(published_at=None)
    assert (found.published_at, found.published_at_source) == (SEEN, "first_seen")
    assert found.published_at_note is None


def test_the_day_in_the_address_is_better_than_the_first_sight() -> None:
    found = version(published_at=None, url="https://x.org/2025/01/20/a")
    assert (found.published_at, found.published_at_source) == (
        datetime(2025, 1, 20, tzinfo=UTC),
        "url",
    )
    assert found.published_at_note == "day_only"


def test_a_day_from_the_future_in_the_address_is_no_stamp() -> None:
    found = version(published_at=None, url="https://x.org/2026/01/20/a")
    assert found.published_at_source == "first_seen"
    assert found.published_at_note == "address_says 2026-01-20"


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"url": "https://x.org/2025/01/25/a"}, "address_says 2025-01-25"),
        ({"url": "https://x.org/a-20250125"}, "address_says 2025-01-25"),
        ({"body": "PARIS, 25 janvier (AFP) - Texte."}, "dateline_says 2025-01-25"),
        (
            {"url": "https://x.org/2025-01-25", "body": "2024-12-31: Text."},
            "address_says 2025-01-25; dateline_says 2024-12-31",
        ),
        ({"is_day_only": True}, "day_only"),
    ],
)
def test_what_speaks_against_a_stamp_is_noted_and_the_stamp_kept(
    changes: dict[str, object], note: str
) -> None:
    found = version(**changes)
    assert (found.published_at, found.published_at_note) == (MONDAY, note)


def test_a_stamp_after_now_gives_way_and_one_after_the_first_sight_is_noted() -> None:
    def judged(stamp: datetime) -> tuple[datetime, str, str | None]:
        found = judge(
            (stamp, "feed", False), in_address=None, dateline=None, now=now, first_seen_at=SEEN
        )
        return found.published_at, found.source, found.note

    now = SEEN + timedelta(days=1)
    assert judged(now + timedelta(seconds=1)) == (
        SEEN,
        "first_seen",
        "stated_after_first_sight 2025-01-29T09:00:01Z",
    )
    assert judged(now) == (now, "feed", "after_first_sight 2025-01-28T09:00:00Z")
    assert judged(SEEN) == (SEEN, "feed", None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("NEW YORK, Jan. 27 (Agency) - Text", Dateline(1, 27)),
        ("Amsterdam, 27 maart 2025 - Tekst", Dateline(3, 27, 2025)),
        ("27. Mai: Text", Dateline(5, 27)),
        ("PARIS, 1er juin 2025 \u2013 Texte", Dateline(6, 1, 2025)),
        ("PARIS, 14 juillet (AFP) \u2013 Texte", Dateline(7, 14)),
        ("Madrid, 27 ene (EFE).- Texto", Dateline(1, 27)),
        ("Roma, 27 giugno - Testo", Dateline(6, 27)),
        ("São Paulo, 27 de outubro de 2025 - Texto", Dateline(10, 27, 2025)),
        ("Hà Nội, ngày 27/1/2025 - Tin", Dateline(1, 27, 2025)),
        ("27/1/2025 - Tin", Dateline(1, 27, 2025)),
        ("\n  2025-01-27 - Text", Dateline(1, 27, 2025)),
        ("LONDON (Agency) - Text of January 27", None),
        ("On 12 March 2020, shares fell", None),
        ("In January 27 people (all men) died", None),
        ("LONDON, Sometime 27 (Agency) - Text", None),
        ("Berlin, 31. Februar - Text", None),
        ("", None),
    ],
)
def test_a_dateline_is_read_and_nothing_else(body: str, expected: Dateline | None) -> None:
    assert dateline(body) == expected


def test_a_dateline_without_a_year_is_of_the_nearest_one() -> None:
    assert Dateline(12, 31).nearest(date(2025, 1, 2)) == date(2024, 12, 31)
    assert Dateline(1, 1).nearest(date(2024, 12, 31)) == date(2025, 1, 1)
    assert Dateline(2, 29).nearest(date(2025, 3, 1)) == date(2024, 2, 29)
    assert Dateline(2, 29, 2025).nearest(date(2025, 3, 1)) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-01-27T21:00:00.123456789+01:00", (MONDAY, False)),
        ("2025-01-27 20:00Z", (MONDAY, False)),
        ("2025-01-27T15:00:00-0500", (MONDAY, False)),
        ("2025-01-27T20:00:00", (datetime(2025, 1, 27, tzinfo=UTC), True)),
        ("2025-01-27", (datetime(2025, 1, 27, tzinfo=UTC), True)),
        ("2025-02-30", None),
        ("2025-01-27T25:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_time_without_a_zone_is_only_known_by_its_day(
    value: str, expected: tuple[datetime, bool] | None
) -> None:
    assert loose_moment(value) == expected


def test_stated_and_detected_language_are_both_kept() -> None:
    dutch = "Het aandeel Apple won maandag meer dan 3 procent."
    found = version(body=dutch, title="Apple wint")
    assert (found.language, found.stated_language, found.detected_language) == ("en", "en", "nl")
    found = version(body=dutch, title="Apple wint", language=None)
    assert (found.language, found.stated_language, found.detected_language) == ("nl", None, "nl")
