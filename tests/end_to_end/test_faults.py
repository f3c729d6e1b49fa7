"""What must stop a publication stops it and says why; the last good one stays as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Deployment
from tests.recorded_bars import set_bar

Edit = Callable[[Path, str, str], None]


def _assert_stopped(deployment: Deployment, before: object, *said: str) -> None:
    finished = deployment.run()
    assert finished.code == 1, finished.output
    assert deployment.published_files() == before
    for words in said:
        assert words in finished.output, finished.output


def test_a_tampered_bar_stops_publication_and_names_the_figure(installed: Deployment) -> None:
    set_bar(installed.recorded_dir, "NVDA", "2025-01-27", "close", 125.00)
    _assert_stopped(installed, {}, "econ-nvda", "trends-nvda", "12.35")
    status = installed.run("status")
    assert status.code == 1
    assert "last runs   FAILURE" in status.output, status.output


def test_every_figure_that_no_longer_derives_is_named(deployment: Deployment, edit: Edit) -> None:
    before = deployment.published_files()
    # without its correction Siemens Energy is not claimed to be right
    path = deployment.reference_dir / "price_corrections.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("ENR.DE,2025-01-24")))
    # and a figure that lies just outside of its tolerance is not
    edit(
        deployment.reference_dir / "documented_figures.csv",
        "econ-nvda,economist-2025-01-27,Nvidia,NVDA,price_change,down,17,",
        "econ-nvda,economist-2025-01-27,Nvidia,NVDA,price_change,down,17.1,",
    )
    said = ("econ-enr", "insufficient_data", "econ-nvda", "[17.05, 17.15)")
    _assert_stopped(deployment, before, *said)


def test_an_extractor_that_misses_a_figure_of_the_digests_stops_publication(
    deployment: Deployment, edit: Edit
) -> None:
    before = deployment.published_files()
    edit(deployment.reference_dir / "subject_aliases.csv", "\nCameco,,Cameco,CCJ,company\n", "\n")
    _assert_stopped(
        deployment,
        before,
        "economist-2025-01-27 (en) was read without econ-ccj",
        "economist-2025-01-27-vi (vi) was read without econvi-ccj",
    )


def test_a_malformed_reference_row_names_file_line_column_and_what_was_expected(
    deployment: Deployment, edit: Edit
) -> None:
    before = deployment.published_files()
    edit(deployment.reference_dir / "events.csv", "2025-01-26T12:00:00Z", "2025-01-26")
    _assert_stopped(
        deployment, before, "events.csv line 2, column announced_at", "'2025-01-26'", "with zone"
    )


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("instruments", "NVDA,", '"NV\';drop table x",', "NV';drop"),
        ("exchanges", "XTAI,XTAI", "XTAI,XNOWHERE", "XNOWHERE"),
    ],
)
def test_unknown_symbols_and_exchanges_are_one_clear_error(
    deployment: Deployment, table: str, old: str, new: str, said: str
) -> None:
    before = deployment.published_files()
    path = deployment.reference_dir / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    _assert_stopped(deployment, before, said)


def test_a_landed_file_cut_short_is_set_aside_and_fetched_again(deployment: Deployment) -> None:
    marts = "select * from daily_returns order by all"
    before = deployment.query(marts)
    (batch,) = (deployment.data_dir / "landing" / "daily_bars").glob("*.parquet")
    batch.write_bytes(batch.read_bytes()[:5000])
    finished = deployment.run()
    assert finished.code == 0, finished.output
    assert batch.name in finished.output
    assert deployment.query(marts) == before


def test_two_runs_at_once_both_end_well(fresh: Deployment) -> None:
    both = [
        subprocess.Popen(
            fresh.command("run"),
            cwd=ROOT,
            env=fresh.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert len(list((fresh.data_dir / "published" / "versions").iterdir())) == 1


@pytest.mark.parametrize(
    ("step", "seconds"), [("warehouse", 5), ("quality", 0), ("published_marts", 0.3)]
)
def test_a_run_killed_at_any_step_is_healed_by_running_again(
    deployment: Deployment, edit: Edit, step: str, seconds: float
) -> None:
    before = deployment.query("select * from claim_verdicts order by all")
    edit(deployment.reference_dir / "events.csv", "DeepSeek shock", "DeepSeek shock!")
    process = subprocess.Popen(
        deployment.command("run"),
        cwd=ROOT,
        env=deployment.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert any(line.endswith(f" {step} …\n") for line in process.stdout)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert deployment.query("select * from claim_verdicts order by all") == before
    finished = deployment.run()
    assert finished.code == 0, finished.output
    # nothing but the run itself could have told
    assert "had died without a word and is now recorded as failed" in finished.output
    assert deployment.query("select name from events") == [("DeepSeek shock!",)]
    assert deployment.query("select * from claim_verdicts order by all") == before


def test_an_unknown_provider_is_an_error_that_names_the_choices(fresh: Deployment) -> None:
    finished = fresh.run("run", AFTERSHOCK_PRICE_PROVIDER="bloomberg")
    assert finished.code == 2
    assert "AFTERSHOCK_PRICE_PROVIDER='bloomberg'" in finished.output
    assert "drop, recorded, yahoo" in finished.output


def test_a_backfill_of_a_day_that_does_not_exist_says_so(installed: Deployment) -> None:
    finished = installed.run("backfill", "--from", "2025-13-02", "--to", "2025-01-31")
    assert finished.code == 1
    assert "FAILED fetch_prices: start_date: '2025-13-02' is not a day that exists" in (
        finished.output
    )
