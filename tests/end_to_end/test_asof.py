"""What was known at a past moment can be rebuilt, whatever has landed since, from every source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import Deployment
from tests.recorded_bars import set_bar

ARTICLE = """---
article_id: late-2025-03-19
title: Nvidia closes higher
language: en
publisher: A late paper
published_at: 2025-03-19T22:00:00Z
---
Nvidia shares closed 1.8 percent higher on Wednesday.
"""
CLOSE = "select close from daily_returns where symbol = 'NVDA' and session_date = '2025-03-19'"
COUNTS = """
    select
        (select count(*) from articles),
        (select name from events),
        (select count(*) from claim_verdicts where claim_source = 'extracted'),
        (select list(symbol || ' ' || field || ' ' || old_value || ' ' || new_value)
            from price_restatements)
"""


def _asof(deployment: Deployment, moment: str, name: str) -> Deployment:
    finished = deployment.run("asof", "--date", moment)
    assert finished.code == 0, finished.output
    then = Deployment(
        deployment.data_dir / "asof" / name, deployment.reference_dir, deployment.recorded_dir
    )
    assert "trends-nvda " in finished.output
    assert str(then.data_dir / "published" / "current.duckdb") in finished.output
    return then


def _content(deployment: Deployment) -> list[tuple[Any, ...]]:
    return deployment.query(
        "select name, row_count, checksum from publish_meta where item = 'table' order by name"
    )


def test_the_marts_of_a_past_moment_do_not_know_what_landed_later(
    deployment: Deployment, edit: Callable[[Path, str, str], None]
) -> None:
    first, before = _content(deployment), deployment.query(CLOSE)
    between = datetime.now(UTC)
    # a restated bar, an edited table, an article with its claims, the verdicts published before
    set_bar(deployment.recorded_dir, "NVDA", "2025-03-19", "close", 119.00)
    edit(deployment.reference_dir / "events.csv", "DeepSeek shock", "DeepSeek shock!")
    inbox = deployment.data_dir / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "late.md").write_text(ARTICLE, encoding="utf-8")
    finished = deployment.run()
    assert finished.code == 0, finished.output
    published = deployment.published_files()
    ((articles, event, extracted, restatements),) = deployment.query(COUNTS)
    assert deployment.query(CLOSE) == [(119.0,)]
    ((close_before,),) = before
    assert (event, restatements) == ("DeepSeek shock!", [f"NVDA close {close_before} 119.0"])

    name = f"{between:%Y%m%dT%H%M%S%fZ}"
    then = _asof(deployment, between.isoformat(), name)
    assert then.query(CLOSE) == before != [(119.0,)]
    ((articles_then, event_then, extracted_then, restatements_then),) = then.query(COUNTS)
    assert (articles_then, event_then, restatements_then) == (articles - 1, "DeepSeek shock", None)
    assert extracted_then == extracted - 1
    # not one mart differs from what was published at that moment
    assert _content(then) == first

    today = datetime.now(UTC).date().isoformat()
    now = _asof(deployment, today, today)
    assert _content(now) == _content(deployment)
    # neither the warehouse nor the publication was touched
    assert deployment.published_files() == published


def test_a_moment_that_cannot_be_asked_for_is_one_clear_error(deployment: Deployment) -> None:
    finished = deployment.run("asof", "--date", "2025-02-30")
    assert finished.code == 2
    assert "DATE='2025-02-30': give a day that exists" in finished.output
    finished = deployment.run("asof", "--date", "2025-01-31")
    assert finished.code == 2
    assert "DATE=2025-01-31: nothing had landed by then" in finished.output
