"""Every line of the claim corpora (tests/corpus/<language>.csv) says something that can be scored.

Belongs here: what a well formed expectation is, and one malformed line for each way to be wrong.
Does not belong here: whether the extractor finds the claims.
"""

import csv
import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.settings import ROOT

FOLDER = ROOT / "tests" / "corpus"
FILES = sorted(FOLDER.glob("*.csv"))
HEADER = (
    "sentence_id published_at sentence symbol measure direction stated_value stated_value_to scale "
    "unit qualifier as_of period stated_date"
)
COLUMNS = HEADER.split()
VOCABULARY = {
    "measure": (
        "price_change price_level market_value_change market_value_level largest_fall_since "
        "largest_rise_since recovered_after_early_fall rank_of_day"
    ),
    "unit": "percent point usd eur gbp jpy krw twd cad chf vnd brl month direction rank",
    "qualifier": "exact about just_under more_than less_than at_most range direction_only",
    "as_of": (
        "close open premarket after_hours intraday intraday_low intraday_high time_of_writing "
        "unstated"
    ),
    "period": "session two_session week month year_to_date year other",
}
OPTIONAL = {"direction": "up down", "scale": "1 1e3 1e6 1e9 1e12"}
CLAIM = COLUMNS[3:]

Row = dict[str, str]


def symbols() -> set[str]:
    with (ROOT / "data/reference/instruments.csv").open(encoding="utf-8", newline="") as file:
        return {row["symbol"] for row in csv.DictReader(file)}


def read(text: str) -> list[Row]:
    """The rows; a line with too many or too few cells is an error."""
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == COLUMNS, f"the header is {header}"
    for line in lines:
        assert len(line) == len(COLUMNS), f"{line[:1]} has {len(line)} cells"
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def published(row: Row) -> date | None:
    """The day of publication in UTC; null if the stamp is malformed or has no zone."""
    try:
        stamp = datetime.fromisoformat(row["published_at"])
    except ValueError:
        return None
    offset = stamp.utcoffset()
    return None if offset is None else (stamp - offset).date()


def words_problems(row: Row) -> list[str]:
    """Cells outside their vocabulary."""
    found = [c for c, words in VOCABULARY.items() if row[c] not in words.split()]
    found += [c for c, words in OPTIONAL.items() if row[c] and row[c] not in words.split()]
    if row["symbol"] and row["symbol"] not in symbols():
        found.append("symbol")
    return found


def value_problems(row: Row) -> list[str]:
    """Values that are no plain decimals, and values that do not go with unit or qualifier."""
    first, second = row["stated_value"], row["stated_value_to"]
    since = row["measure"].startswith("largest_")
    pattern = r"\d{4}-(0[1-9]|1[0-2])" if since else r"\d+(\.\d+)?"
    valueless = row["qualifier"] == "direction_only"
    found = []
    if valueless == bool(first) or (first and not re.fullmatch(pattern, first)):
        found.append("stated_value")
    in_order = bool(re.fullmatch(pattern, second)) and float(first) < float(second)
    if (row["qualifier"] == "range") != bool(second) or (second and not in_order):
        found.append("stated_value_to")
    if since != (row["unit"] == "month") or (row["measure"] == "rank_of_day") != (
        row["unit"] == "rank"
    ):
        found.append("unit")
    # Only a level can be reached from nowhere.
    if not row["direction"] and not row["measure"].endswith("_level"):
        found.append("direction")
    return found


def date_problems(row: Row) -> list[str]:
    """Days that are none, or that come after the article."""
    day = published(row)
    if day is None or not row["stated_date"]:
        return []
    try:
        stated = date.fromisoformat(row["stated_date"])
    except ValueError:
        return ["stated_date"]
    # Asia's day may be one ahead of UTC.
    return ["stated_date"] if stated > day + timedelta(days=1) else []


def sentence_problems(rows: list[Row]) -> list[str]:
    """Identifiers with two sentences, sentences with two identifiers, negatives with a claim."""
    found = []
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id.setdefault(row["sentence_id"], []).append(row)
    for key, group in by_id.items():
        if len({(row["sentence"], row["published_at"]) for row in group}) > 1:
            found.append(f"{key}: sentence")
        if len(group) > 1 and not all(row["measure"] for row in group):
            found.append(f"{key}: measure")
        if len({tuple(row[c] for c in CLAIM) for row in group}) < len(group) and all(
            row["symbol"] for row in group
        ):
            found.append(f"{key}: twice the same line")
    if len({row["sentence"] for row in rows}) < len(by_id):
        found.append("a sentence has two identifiers")
    return found


def problems(text: str) -> list[str]:
    """What is wrong, as `sentence_id: column`, in the order of the file."""
    rows = read(text)
    found = []
    for row in rows:
        wrong = [c for c in ("sentence_id", "sentence") if row[c] != row[c].strip() or not row[c]]
        if published(row) is None:
            wrong.append("published_at")
        if row["measure"]:
            wrong += words_problems(row) + value_problems(row) + date_problems(row)
        else:
            wrong += [c for c in CLAIM if row[c]]
        found += [f"{row['sentence_id']}: {column}" for column in dict.fromkeys(wrong)]
    return found + sentence_problems(rows)


def test_there_are_files_to_check() -> None:
    assert {"de", "en", "nl"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_well_formed(path: Path) -> None:
    assert problems(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_quarter_to_a_half_are_negative(path: Path) -> None:
    rows = read(path.read_text("utf-8"))
    negative = {row["sentence_id"] for row in rows if not row["measure"]}
    assert len(rows) > 100
    assert 0.25 < len(negative) / len({row["sentence_id"] for row in rows}) < 0.5


GOOD: Row = {
    "sentence_id": "x-1",
    "published_at": "2025-01-27T21:40:00Z",
    "sentence": "Nvidia fell 17% on Monday.",
    "symbol": "NVDA",
    "measure": "price_change",
    "direction": "down",
    "stated_value": "17",
    "stated_value_to": "",
    "scale": "1",
    "unit": "percent",
    "qualifier": "exact",
    "as_of": "unstated",
    "period": "session",
    "stated_date": "2025-01-27",
}


def as_text(*rows: Row) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def test_a_good_line_is_good() -> None:
    assert problems(as_text(GOOD)) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sentence_id", ""),
        ("sentence", " Nvidia fell 17% on Monday."),
        ("published_at", "2025-01-27T21:40:00"),
        ("published_at", "yesterday"),
        ("symbol", "NVIDIA"),
        ("measure", "growth"),
        ("direction", "sideways"),
        ("direction", ""),
        ("stated_value", "17,0"),
        ("stated_value", "17%"),
        ("stated_value", "-17"),
        ("stated_value", ""),
        ("stated_value_to", "18"),
        ("scale", "1000"),
        ("unit", "procent"),
        ("unit", "month"),
        ("qualifier", "maybe"),
        ("as_of", ""),
        ("period", "day"),
        ("stated_date", "27 January"),
        ("stated_date", "2025-02-27"),
    ],
)
def test_a_malformed_cell_is_named(column: str, value: str) -> None:
    row = GOOD | {column: value}
    assert f"{row['sentence_id']}: {column}" in problems(as_text(row))


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ({}, {"sentence": "Nvidia rose."}, "x-1: sentence"),
        ({}, dict.fromkeys(CLAIM, ""), "x-1: measure"),
        ({}, {}, "x-1: twice the same line"),
        ({}, {"sentence_id": "x-2"}, "a sentence has two identifiers"),
    ],
)
def test_lines_that_contradict_each_other_are_named(first: Row, second: Row, problem: str) -> None:
    assert problem in problems(as_text(GOOD | first, GOOD | second))


def test_a_sentence_without_its_quotes_has_too_many_cells() -> None:
    with pytest.raises(AssertionError, match="15 cells"):
        problems(as_text(GOOD).replace("Nvidia fell", "On Monday, Nvidia fell"))
