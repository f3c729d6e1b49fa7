"""The metrics of dbt's semantic layer, asked as a person does and held against the marts."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Deployment, Finished


class MetricFlow:
    """A copy of the dbt project that looks at the published marts, as `make metrics` does."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self.project = folder / "dbt_project"
        self.answer = folder / "answer.csv"
        shutil.copytree(ROOT / "dbt_project", self.project, ignore=shutil.ignore_patterns("target"))
        self.environment = deployment.environment | {
            "DBT_TARGET": "published",
            "DBT_PROFILES_DIR": ".",
            "DBT_LOG_PATH": str(folder),
        }
        self.call("dbt", "parse", "--quiet")

    def call(self, command: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name(command)), *arguments],
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def query(self, metrics: str, by: str) -> set[tuple[str, ...]]:
        """Return the answer's rows as printed, without their header."""
        self.call("mf", "query", "--metrics", metrics, "--group-by", by, "--csv", str(self.answer))
        with self.answer.open(newline="", encoding="utf-8") as handle:
            return {tuple(row) for row in list(csv.reader(handle))[1:]}


@pytest.fixture(scope="module")
def metricflow(
    first_run: tuple[Deployment, Finished], tmp_path_factory: pytest.TempPathFactory
) -> MetricFlow:
    return MetricFlow(first_run[0], tmp_path_factory.mktemp("metrics"))


def test_claim_metrics_are_the_marts_own_counts(
    metricflow: MetricFlow, first_run: tuple[Deployment, Finished]
) -> None:
    expected = first_run[0].query(
        """
        select
            claim_source,
            publisher,
            count(*),
            count(*) filter (verdict not in ('not_testable', 'insufficient_data')),
            count(*) filter (verdict = 'confirmed')
        from claim_verdicts group by all
        """
    )
    found = metricflow.query(
        "claims,tested_claims,confirmed_claims,share_of_claims_confirmed",
        "claim__claim_source,claim__publisher",
    )
    assert {tuple(row[:5]) for row in found} == {tuple(map(str, row)) for row in expected}
    for *_, tested, confirmed, share in found:
        assert float(share) == pytest.approx(int(confirmed) / int(tested))


def test_copies_are_articles_of_one_story(
    metricflow: MetricFlow, first_run: tuple[Deployment, Finished]
) -> None:
    expected = first_run[0].query(
        "select story_id, count(*), count(distinct story_id) from articles group by all"
    )
    assert sorted(expected) == [("economist-2025-01-27", 2, 1), ("trends-2025-01-28", 1, 1)]
    found = metricflow.query("articles,stories", "article__story_id")
    assert found == {tuple(map(str, row)) for row in expected}
    claims = first_run[0].query(
        """
        select story_id, count(*) from claim_verdicts inner join articles using (article_id)
        group by all
        """
    )
    assert metricflow.query("claims", "article__story_id") == {
        tuple(map(str, row)) for row in claims
    }


def test_caar_is_that_of_the_group_tests(
    metricflow: MetricFlow, first_run: tuple[Deployment, Finished]
) -> None:
    expected = first_run[0].query(
        """
        select distinct event_id, model, window_name, caar_pct
        from event_group_tests where group_name = 'all' and is_named_window
        """
    )
    found = {
        row[:3]: float(row[3])
        for row in metricflow.query(
            "caar_pct", "event,event_study_result__model,event_study_result__window_name"
        )
    }
    assert found == {row[:3]: pytest.approx(row[3], rel=1e-12) for row in expected}


def test_mean_abnormal_return_is_that_of_the_marts(
    metricflow: MetricFlow, first_run: tuple[Deployment, Finished]
) -> None:
    expected = first_run[0].query(
        """
        select model, relative_session, avg(abnormal_return_pct)
        from event_window_returns group by all
        """
    )
    found = {
        row[:2]: float(row[2])
        for row in metricflow.query(
            "mean_abnormal_return_pct",
            "event_window_return__model,event_window_return__relative_session",
        )
    }
    assert found == {
        (model, str(session)): pytest.approx(mean, rel=1e-12) for model, session, mean in expected
    }
