"""A study's CSV files: what is read, and the one error that each wrong file gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.study.events import read_events
from orchestration.study.series import read_benchmark, read_factors, read_prices

LONG = "symbol,date,close,dividend\nAA,2020-01-02,10,\nAA,2020-01-03,11.5,0.25\nBB,2020-01-02,5,\n"
WIDE = "date,AA,BB\n2020-01-02,10,5\n2020-01-03,11.5,\n"


def written(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    table = read_prices(path)
    return sorted(tuple(row.values())[:3] for row in table.to_pylist() if row["close"] is not None)


def test_long_and_wide_say_the_same(tmp_path: Path) -> None:
    assert rows(written(tmp_path, LONG)) == rows(written(tmp_path, WIDE, "wide.csv"))
    assert rows(written(tmp_path, LONG))[1] == ("AA", date(2020, 1, 3), 11.5)


@pytest.mark.parametrize("text", ["\ufeff" + LONG, LONG.replace("\n", "\r\n"), LONG + "\n\n"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str) -> None:
    assert rows(written(tmp_path, text)) == rows(written(tmp_path, LONG, "plain.csv"))


def test_dividends_are_read_beside_prices(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, LONG))["dividend"].to_pylist() == [None, 0.25, None]


def test_a_benchmark_without_symbol_has_a_name(tmp_path: Path) -> None:
    table = read_benchmark(written(tmp_path, "date,close\n2020-01-02,100\n"))
    assert table["symbol"].to_pylist() == ["BENCHMARK"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["line 1", "empty file", "a header"]),
        ("symbol,date,close\n", ["line 1", "no rows"]),
        ("symbol,close\nAA,1\n", ["line 1, column date", "no such column", "symbol,date,close"]),
        ("symbol,date,close,volume\nAA,2020-01-02,1,2\n", ["column volume", "unknown column"]),
        ("date,AA,AA\n2020-01-02,1,2\n", ["column AA", "named once"]),
        ("date,aa\n2020-01-02,1\n", ["column aa", "A-Z"]),
        ("AA,BB\n1,2\n", ["column date", "long"]),
        (LONG + "AA,2020-13-01,1,\n", ["line 5, column date", "'2020-13-01'", "a day, such as"]),
        (LONG + "AA,01/02/2020,1,\n", ["line 5, column date", "'01/02/2020'"]),
        (LONG + "AA,,1,\n", ["line 5, column date", "''", "a value"]),
        (LONG + ",2020-01-06,1,\n", ["line 5, column symbol", "a value"]),
        (LONG + "AA,2020-01-06,n/a,\n", ["line 5, column close", "'n/a'", "leave the cell empty"]),
        (LONG + 'AA,2020-01-06,"1,5",\n', ["line 5, column close", "'1,5'", "with a point"]),
        (LONG + "AA,2020-01-06,nan,\n", ["line 5, column close", "'nan'"]),
        (LONG + "AA,2020-01-06,1e400,\n", ["line 5, column close", "'1e400'"]),
        (LONG + "AA,2020-01-06,0,\n", ["line 5, column close", "'0'", "above 0"]),
        (LONG + "\nAA,2020-01-06,-3.5,\n", ["line 6, column close", "'-3.5'", "above 0"]),
        (LONG + "AA,2020-01-06,1,-0.1\n", ["line 5, column dividend", "0 or more"]),
        (LONG + "AA,2020-01-06\n", ["line 5", "2 cells", "4 cells"]),
        (LONG + "AA,2020-01-03,12,\n", ["line 5, column date", "once; line 3 has it too"]),
        (LONG + "a b,2020-01-06,1,\n", ["line 5, column symbol", "'a b'"]),
        (LONG + "AA'); drop table x;--,2020-01-06,1,\n", ["line 5, column symbol"]),
        (WIDE + "2020-01-02,1,2\n", ["line 4, column date", "line 2 has it too"]),
        (WIDE + "2020-01-06,1,0\n", ["line 4, column BB", "above 0"]),
        (WIDE + "2020-01-06,1\n", ["line 4", "2 cells", "3 cells"]),
        (b"symbol,date,close\nAA,2020-01-02,1\nB\xe9,2020-01-02,1\n", ["line 3", "UTF-8"]),
        ("symbol,date,close\nAA,2020-01-02,1\n".encode("utf-16"), ["line 1", "UTF-8"]),
    ],
)
def test_a_wrong_prices_file_is_one_error_with_its_place(
    tmp_path: Path, text: str | bytes, said: list[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ReferenceDataError) as caught:
        read_prices(path)
    assert len(caught.value.problems) == 1
    for words in [str(path), *said]:
        assert words in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match=r"none\.csv line 1: No such file"):
        read_prices(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,smb\n2020-01-02,1.2\n", ["line 2, column smb", "a return as a fraction"]),
        ("date,SMB\n2020-01-02,0.012\n", ["line 1, column SMB", "a-z"]),
        ("date,benchmark\n2020-01-02,0.012\n", ["line 1, column benchmark", "another name"]),
    ],
)
def test_a_wrong_factors_file_is_one_error(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(ReferenceDataError) as caught:
        read_factors(written(tmp_path, text))
    for words in said:
        assert words in str(caught.value)


def events(folder: Path, text: str, *benchmarks: str) -> list[dict[str, object]]:
    found = read_events(written(folder, text), ["AA", "BB"], benchmarks or ("BENCHMARK",))
    return found.rows.to_pylist()


def test_each_row_without_event_id_is_an_event_of_its_own(tmp_path: Path) -> None:
    found = events(tmp_path, "symbol,date\nAA,2020-01-02\nBB,2020-01-02\nAA,2020-06-01\n")
    assert [row["event_id"] for row in found] == ["row-1", "row-2", "row-3"]
    assert {row["group"] for row in found} == {"all"}


def test_event_id_and_group_are_kept(tmp_path: Path) -> None:
    text = "event_id,symbol,date,group\nx-1,AA,2020-01-02,chips\nx-1,BB,2020-01-02,\n"
    assert [(row["event_id"], row["group"]) for row in events(tmp_path, text)] == [
        ("x-1", "chips"),
        ("x-1", "all"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("symbol,day\nAA,2020-01-02\n", ["column date", "no such column"]),
        ("symbol,date,note\nAA,2020-01-02,x\n", ["column note", "unknown column"]),
        ("symbol,date\nAA,2020-01-02\nCC,2020-01-02\n", ["line 3, column symbol", "prices file"]),
        ("symbol,date\nAA,2020-01-02\nAA,2020-01-02\n", ["line 3", "line 2 has it too"]),
        ("symbol,date,group\nAA,2020-01-02,all\n", ["line 2, column group", "kept"]),
        ("symbol,date,event_id\nAA,2020-01-02,\n", ["line 2, column event_id"]),
        (
            "symbol,date,event_id\nAA,2020-01-02,x\nBB,2020-01-03,x\n",
            ["line 3, column date", "2020-01-02"],
        ),
        (
            "symbol,date,event_id\nAA,2020-01-02,x\nAA,2020-01-02,x\n",
            ["line 3, column symbol", "line 2 has it too"],
        ),
    ],
)
def test_a_wrong_events_file_is_one_error(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(ReferenceDataError) as caught:
        events(tmp_path, text)
    assert len(caught.value.problems) == 1
    for words in said:
        assert words in str(caught.value)


def test_several_benchmarks_ask_for_a_choice(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="column benchmark: no such column"):
        events(tmp_path, "symbol,date\nAA,2020-01-02\n", "X", "Y")
    text = "symbol,date,benchmark\nAA,2020-01-02,X\nBB,2020-01-02,Y\nAA,2020-02-03,{}\n"
    chosen = read_events(written(tmp_path, text.format("X")), ["AA", "BB"], ["X", "Y"])
    assert chosen.benchmark_of == {"AA": "X", "BB": "Y"}
    with pytest.raises(ReferenceDataError, match="line 4, column benchmark: 'Y' — expected one be"):
        events(tmp_path, text.format("Y"), "X", "Y")
    with pytest.raises(ReferenceDataError, match="line 4, column benchmark: 'Z'"):
        events(tmp_path, text.format("Z"), "X", "Y")
