"""Where results may go, and that nothing of a person's is ever replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.study.folders import MARK, FolderError, check_results, name_from, replacing


def made(out: Path, text: str = "a\n1\n") -> None:
    with replacing(out) as fresh:
        (fresh / "mart.csv").write_text(text)
        (fresh / MARK).write_text(json.dumps({"rows": {"mart": 1}}))


def test_results_are_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "below" / "results"
    made(out, "old")
    made(out, "new")
    assert (out / "mart.csv").read_text() == "new"
    assert [entry.name for entry in out.parent.iterdir()] == ["results"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    made(tmp_path / "out")
    assert (tmp_path / "out" / MARK).exists()


def test_a_failure_leaves_the_results_before_it(tmp_path: Path) -> None:
    made(tmp_path / "out", "old")

    def half_written() -> None:
        with replacing(tmp_path / "out") as fresh:
            (fresh / "mart.csv").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_written()
    assert (tmp_path / "out" / "mart.csv").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_what_no_study_made_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.tex").write_text("years of work")
    with pytest.raises(FolderError, match="is not the result of a study"):
        check_results(foreign)
    (foreign / MARK).write_text('{"made_by": "me", "files": []}')
    with pytest.raises(FolderError, match="is not the result of a study"):
        check_results(foreign)
    with pytest.raises(FolderError, match="is no folder"):
        check_results(foreign / "thesis.tex")


def test_a_file_added_to_results_is_kept_from_loss(tmp_path: Path) -> None:
    made(tmp_path / "out")
    (tmp_path / "out" / "notes.md").write_text("mine")
    with pytest.raises(FolderError, match=r"holds 'notes\.md', which no study made"):
        made(tmp_path / "out")
    assert (tmp_path / "out" / "notes.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("file", "name"), [("My Events (2).csv", "my-events-2"), ("事件.csv", "study"), ("e.csv", "e")]
)
def test_a_study_is_named_from_its_events(file: str, name: str) -> None:
    assert name_from(Path(file)) == name
