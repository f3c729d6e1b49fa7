"""A restated bar flips a verdict: the change is published, once, and stays as it was published."""

from __future__ import annotations

from tests.conftest import Deployment
from tests.recorded_bars import set_bar

# an article of its own: a digest of the project is held to stating all of its figures
ARTICLE = """---
article_id: late-note
publisher: A desk
language: en
published_at: 2025-03-20T08:00:00Z
title: A note on the chip makers
---
What this note says of the day stands in its table.
"""
FIGURE = "late-nvda,late-note,Nvidia,NVDA,price_change,up,1.8,,1,percent,exact,close"


def test_a_restated_bar_that_flips_a_verdict_is_a_row_with_both_versions(
    deployment: Deployment,
) -> None:
    path = deployment.reference_dir / "documented_figures.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"{FIGURE},2025-03-19,prices,,\n")
    inbox = deployment.data_dir / "inbox"
    inbox.mkdir()
    (inbox / "late-note.md").write_text(ARTICLE)
    first = deployment.run()
    assert first.code == 0, first.output
    # the figures of the first publication have landed, and a new figure is no changed verdict
    assert "new or changed in 1 publications" in first.output
    assert deployment.query("from verdict_changes") == []
    ((old_version,),) = deployment.query("select distinct version from publish_meta")

    # above the old close altogether, so that no moment of the session bears the figure out
    for field, value in (("low", 118.90), ("close", 119.00)):
        set_bar(deployment.recorded_dir, "NVDA", "2025-03-19", field, value)
    flipped = deployment.run()
    assert flipped.code == 0, flipped.output
    ((claim_id, cause, version, old, new, note),) = deployment.query(
        "select claim_id, cause, old_version, old_verdict || ' ' || round(old_derived_value, 2), "
        "new_verdict || ' ' || round(new_derived_value, 2), correction_note from verdict_changes"
    )
    assert (claim_id, cause) == ("documented|late-nvda", "restated_bar")
    assert version == old_version
    assert (old, new) == ("confirmed 1.81", "refuted 3.09")
    assert "close of 2025-03-19 from 117.52 to 119.00" in note

    # neither landing what was published nor building it again changes what was said
    before = deployment.published_files()
    again = deployment.run()
    assert again.code == 0, again.output
    assert "published_verdicts: 1 new or changed in 1 publications" in again.output
    assert "nothing new since publication" in again.output
    assert deployment.published_files() == before
    rebuilt = deployment.run("run", "--full")
    assert rebuilt.code == 0, rebuilt.output
    assert "models built" in rebuilt.output
    assert deployment.published_files() == before
