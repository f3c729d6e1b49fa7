from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from orchestration.defs.publishing.publication import PublicationError
from orchestration.spreadsheets import export_marts, write_csv


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_is_shown_as_text(tmp_path: Path, sign: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (title varchar, move double, day date)")
        connection.execute(
            "insert into t values (?, -16.97, '2025-01-27')", [f"{sign}cmd|' /C calc'!A0"]
        )
        assert write_csv(connection, "t", tmp_path / "t.csv") == 1
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    assert rows == [
        ["title", "move", "day"],
        [f"'{sign}cmd|' /C calc'!A0", "-16.97", "2025-01-27"],
    ]


def test_other_texts_are_left_alone(tmp_path: Path) -> None:
    texts = ["^GSPC", "a=b", 'He said "no", twice', "", "Điểm tin"]
    with duckdb.connect() as connection:
        connection.execute("create table t (position integer, title varchar)")
        connection.executemany("insert into t values (?, ?)", list(enumerate(texts)))
        write_csv(connection, "t", tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as handle:
        assert [row[1] for row in csv.reader(handle)] == ["title", *texts]


def test_before_the_first_run_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PublicationError, match=r"nothing is published in .*make run"):
        export_marts(tmp_path, [], tmp_path / "csv")
    assert not (tmp_path / "csv").exists()
