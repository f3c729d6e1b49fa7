"""A report that is missing, or that other code wrote, comes back; one that fails holds nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import Deployment


def test_a_run_that_died_before_its_report_is_made_good_by_the_next(deployment: Deployment) -> None:
    before = deployment.published_files()
    published = deployment.data_dir / "published"
    # killed in the middle of writing: the marts are published, nothing leads to a report
    (published / "report").unlink()
    (published / "reports" / "current").unlink()
    half = published / "reports" / "versions" / ".tmp-half"
    half.mkdir()
    (half / "index.html").write_text("half")
    finished = deployment.run()
    assert finished.code == 0, finished.output
    assert "the report is to be written" in finished.output
    assert deployment.published_files() == before


def test_a_report_that_cannot_be_written_stops_the_run_and_not_the_marts(
    deployment: Deployment,
) -> None:
    published = deployment.data_dir / "published"
    shutil.rmtree(published)
    published.mkdir()
    # a file where the reports' folder belongs
    (published / "reports").write_text("in the way")
    finished = deployment.run()
    assert finished.code == 1
    assert "The run FAILED, but its marts are published." in finished.output, finished.output
    assert deployment.query("select count(*) from claim_verdicts")[0][0] > 0
    assert not (published / "report").exists()
    Path(published / "reports").unlink()
    healed = deployment.run()
    assert healed.code == 0, healed.output
    assert (published / "report" / "index.html").exists()
