"""Sessions of real exchanges around 27 January 2025, and calendars that cannot be used."""

from datetime import UTC, date, datetime

import pytest

from orchestration.defs.calendars.sessions import CalendarUnusableError, trading_sessions_of

# exchange_calendars 4.13 uses what pandas 4 will change; nothing here can mend it.
pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning:DeprecationWarning")

CALENDARS = {
    "XNYS": "XNYS",
    "XNAS": "XNYS",
    "XETR": "XETR",
    "XTKS": "XTKS",
    "XKRX": "XKRX",
    "XTAI": "XTAI",
    "XXXX": "24/5",
}
ANNOUNCED = datetime(2025, 1, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sessions() -> list[dict]:
    return trading_sessions_of(CALENDARS, date(2024, 12, 1), date(2025, 4, 1)).to_pylist()


def session(sessions: list[dict], mic: str, day: date) -> dict | None:
    found = [row for row in sessions if row["mic"] == mic and row["session_date"] == day]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("mic", "day_0"),
    [
        ("XNYS", date(2025, 1, 27)),
        ("XNAS", date(2025, 1, 27)),
        ("XETR", date(2025, 1, 27)),
        ("XTKS", date(2025, 1, 27)),
        ("XKRX", date(2025, 1, 31)),
        ("XTAI", date(2025, 2, 3)),
    ],
)
def test_the_first_session_after_the_announcement(
    sessions: list[dict], mic: str, day_0: date
) -> None:
    after = [s["session_date"] for s in sessions if s["mic"] == mic and s["closes_at"] > ANNOUNCED]
    assert min(after) == day_0


def test_the_day_of_mourning_has_no_session_in_new_york(sessions: list[dict]) -> None:
    assert session(sessions, "XNYS", date(2025, 1, 9)) is None
    assert session(sessions, "XETR", date(2025, 1, 9)) is not None


def test_an_early_close_is_marked_and_earlier(sessions: list[dict]) -> None:
    eve = session(sessions, "XNYS", date(2024, 12, 24))
    assert eve is not None
    assert eve["is_early_close"] is True
    assert eve["closes_at"] == datetime(2024, 12, 24, 18, tzinfo=UTC)
    day_before = session(sessions, "XNYS", date(2024, 12, 23))
    assert day_before is not None
    assert day_before["is_early_close"] is False


@pytest.mark.parametrize(
    ("mic", "day", "opens", "closes"),
    [
        ("XNYS", date(2025, 3, 7), 14.5, 21),
        ("XNYS", date(2025, 3, 10), 13.5, 20),
        ("XETR", date(2025, 3, 28), 8, 16.5),
        ("XETR", date(2025, 3, 31), 7, 15.5),
        ("XTKS", date(2025, 3, 31), 0, 6.5),
    ],
)
def test_daylight_saving_moves_the_session_in_utc(
    sessions: list[dict], mic: str, day: date, opens: float, closes: float
) -> None:
    found = session(sessions, mic, day)
    assert found is not None
    for moment, hours in ((found["opens_at"], opens), (found["closes_at"], closes)):
        assert (moment.date(), moment.hour + moment.minute / 60) == (day, hours)


def test_rates_have_every_weekday(sessions: list[dict]) -> None:
    days = [s["session_date"] for s in sessions if s["mic"] == "XXXX"]
    assert date(2024, 12, 25) in days
    assert all(day.weekday() < 5 for day in days)


def test_every_session_is_once_and_ends_after_it_begins(sessions: list[dict]) -> None:
    assert len({(s["mic"], s["session_date"]) for s in sessions}) == len(sessions)
    assert all(s["opens_at"] < s["closes_at"] for s in sessions)


def test_no_exchanges_give_an_empty_typed_table() -> None:
    table = trading_sessions_of({}, date(2025, 1, 1), date(2025, 2, 1))
    assert table.num_rows == 0
    assert [str(field.type) for field in table.schema] == [
        "string",
        "date32[day]",
        "timestamp[us, tz=UTC]",
        "timestamp[us, tz=UTC]",
        "bool",
    ]


def test_a_calendar_that_knows_fewer_days_gives_those() -> None:
    table = trading_sessions_of({"AIXK": "AIXK"}, date(2015, 1, 1), date(2018, 12, 31))
    days = table.column("session_date").to_pylist()
    assert (days[0].year, days[-1].year) == (2017, 2018), "the exchange was founded in 2017"


def test_an_unknown_calendar_is_one_clear_error() -> None:
    with pytest.raises(CalendarUnusableError) as caught:
        trading_sessions_of({"XFOO": "Frankfurt"}, date(2025, 1, 1), date(2025, 2, 1))
    assert str(caught.value) == (
        "exchanges.csv, mic XFOO: calendar 'Frankfurt' cannot be used: exchange_calendars does "
        "not know it; names are market identifier codes such as XNYS, XETR or XTKS, and 24/5 "
        "or 24/7"
    )


def test_a_range_without_sessions_is_named() -> None:
    with pytest.raises(CalendarUnusableError, match=r"XNYS.*fails between 2025-01-04 and 2025-01-"):
        trading_sessions_of({"XNYS": "XNYS"}, date(2025, 1, 4), date(2025, 1, 5))
