"""The report's link: flipped when the report is whole, and kept when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.defs.publishing.publication import Facts, Publication
from orchestration.defs.report import folder
from orchestration.defs.report.folder import has_report, replace_report


def publication(version: str) -> Publication:
    facts = Facts(inputs="", run_id="", code_revision="", data_as_of={})
    return Publication(version, Path(), "", "", facts, {})


def one_page(shown: Publication, place: Path) -> int:
    (place / "index.html").write_text(shown.version)
    return 1


def half_a_page(_shown: Publication, place: Path) -> int:
    (place / "index.html").write_text("half")
    raise RuntimeError("no more")


def test_readers_see_the_new_report_and_the_last_two_are_kept(tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        assert not has_report(tmp_path, publication(version))
        assert replace_report(tmp_path, publication(version), one_page) == 1
        assert has_report(tmp_path, publication(version))
        assert (tmp_path / "report" / "index.html").read_text() == version
    assert len(list((tmp_path / "reports" / "versions").iterdir())) == 2


def test_a_report_that_fails_leaves_the_one_before_and_no_rest(tmp_path: Path) -> None:
    replace_report(tmp_path, publication("1"), one_page)
    with pytest.raises(RuntimeError, match="no more"):
        replace_report(tmp_path, publication("2"), half_a_page)
    assert (tmp_path / "report" / "index.html").read_text() == "1"
    assert has_report(tmp_path, publication("1"))
    assert len(list((tmp_path / "reports" / "versions").iterdir())) == 1


def test_other_code_makes_another_report_of_the_same_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_report(tmp_path, publication("1"), one_page)
    monkeypatch.setattr(folder, "version", lambda library: f"another {library}")
    assert not has_report(tmp_path, publication("1"))
    replace_report(tmp_path, publication("1"), one_page)
    assert has_report(tmp_path, publication("1"))


def test_a_damaged_report_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    replace_report(tmp_path, publication("1"), one_page)
    (tmp_path / "report" / "index.html").unlink()
    (tmp_path / "report").unlink()
    assert not has_report(tmp_path, publication("1"))
    replace_report(tmp_path, publication("1"), one_page)
    assert (tmp_path / "report" / "index.html").read_text() == "1"
