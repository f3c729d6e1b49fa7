"""A report that is missing, or that other code wrote, comes back; one that fails holds nothing."""

from __future__ import annotations

import shutil

from tests.conftest import Deployment


def test_a_report_that_cannot_be_written_stops_the_run_and_not_the_marts_and_comes_back(
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
    # as if killed in the middle of writing: the marts are published, nothing leads to a report
    (published / "reports").unlink()
    before = deployment.published_files()
    half = published / "reports" / "versions" / ".tmp-half"
    half.mkdir(parents=True)
    (half / "index.html").write_text("half")
    healed = deployment.run()
    assert healed.code == 0, healed.output
    assert "the report is to be written" in healed.output
    assert (published / "report" / "index.html").exists()
    assert not half.exists()
    after = deployment.published_files()
    assert {name: after[name] for name in before} == before
