"""A study's parameters: a known study, a person's own row, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.defs.reference.tables import TABLES
from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.study.parameters import read_study
from tests.conftest import ROOT

REFERENCE = ROOT / "data" / "reference"
NAMES = (
    "return_type,estimation_sessions,estimation_last,minimum_observations,"
    "event_window_first,event_window_last,models,windows"
)
ROW = "simple,120,-11,60,-10,10,market_model,0:0 -1:1"


def own(folder: Path, names: str = NAMES, *rows: str) -> str:
    path = folder / "own.csv"
    path.write_text("\n".join([names, *(rows or (ROW,))]) + "\n")
    return str(path)


def test_a_known_study_pools_its_events() -> None:
    row = read_study("default", REFERENCE, []).to_pylist()[0]
    assert (row["study_id"], row["pooled"]) == ("default", "study")
    assert set(row) == {"line_number", *(column.name for column in TABLES["studies"].columns)}


def test_absent_columns_of_an_own_study_are_empty(tmp_path: Path) -> None:
    row = read_study(own(tmp_path), REFERENCE, []).to_pylist()[0]
    assert (row["study_id"], row["pooled"], row["tests"]) == ("study", "study", None)
    assert row["estimation_sessions"] == 120


def test_an_own_study_may_keep_its_events_apart(tmp_path: Path) -> None:
    row = read_study(own(tmp_path, f"{NAMES},pooled", f"{ROW},event"), REFERENCE, [])
    assert row["pooled"].to_pylist() == ["event"]


def test_factors_must_be_in_the_factors_file(tmp_path: Path) -> None:
    row = ROW.replace("market_model", "multi_factor") + ",benchmark smb"
    study = own(tmp_path, f"{NAMES},factors", row)
    assert read_study(study, REFERENCE, ["smb"])["factors"].to_pylist() == ["benchmark smb"]
    with pytest.raises(ReferenceDataError, match=r"own\.csv line 2, column factors: 'smb'"):
        read_study(study, REFERENCE, ["hml"])


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        (NAMES.replace("windows", "window"), [ROW], "line 1, column window: an unknown column"),
        (NAMES, [ROW, ROW], "line 1: 2 rows"),
        (NAMES, [ROW + ",x"], "line 2: too many cells"),
        (NAMES, [ROW.replace("simple", "gross")], "line 2, column return_type: 'gross'"),
        (NAMES, [ROW.replace("-1:1", "-20:1")], "line 2, column windows"),
        (NAMES.removesuffix(",windows"), [ROW.rpartition(",")[0]], "line 2, column windows: ''"),
    ],
)
def test_a_wrong_own_study_is_said_of_its_file(
    tmp_path: Path, names: str, rows: list[str], said: str
) -> None:
    with pytest.raises(ReferenceDataError) as caught:
        read_study(own(tmp_path, names, *rows), REFERENCE, [])
    assert f"own.csv {said}" in str(caught.value)


def test_an_unknown_study_names_the_known_ones() -> None:
    with pytest.raises(ReferenceDataError, match="'defualt' — expected one of default"):
        read_study("defualt", REFERENCE, [])
