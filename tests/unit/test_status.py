"""What `status` tells the person on call, beyond what a run on the recorded bars has to show."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.__main__ import main
from orchestration.defs.alerts.memory import Memory, remember
from orchestration.defs.publishing.publication import Facts, Publication, Table, write_manifest
from orchestration.settings import ROOT


@dg.asset_check(asset="bars", name="are_plausible")
def are_plausible() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFTERSHOCK_DATA_DIR", str(tmp_path))
    folder = tmp_path / "published" / "versions" / "v1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        connection.execute("""
            create table price_incidents as from (values
                ('NVDA', 'stale', date '2025-01-24', true, null, 'a repeat'),
                ('NVDA', 'provider_disagreement', date '2025-01-27', false, null,
                    'close 118.42 of yahoo, 120 of vendor\033[2J'),
                ('NVDA', 'provider_disagreement', date '2025-01-23', false, null, 'an older one'),
                ('ENR.DE', 'stale', date '2025-01-24', true, 60.36, 'corrected')
            ) as t (symbol, reason, session_date, is_quarantined, corrected_close, detail);
            create table verdict_changes as
            select
                'claim-' || change as claim_id, 'confirmed' as old_verdict,
                'refuted' as new_verdict, 'restated_bar' as cause, 'v' || change as old_version,
                1 as change_number,
            from range(1, 6) as t (change);
        """)
    facts = Facts("inputs", "run", "revision", {"XNAS": "2025-03-20"})
    stamp = "2025-03-21T00:00:00+00:00"
    tables = {"price_incidents": Table(4, "x")}
    write_manifest(Publication("v1", folder, "x", stamp, facts, tables), folder)
    (tmp_path / "published" / "current").symlink_to(folder)
    return tmp_path


def test_disagreements_and_changed_verdicts_are_listed(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "incidents   NVDA: 1 stale, the last of 2025-01-24\n" in said
    assert "NVDA: 2, the last of 2025-01-27: close 118.42 of yahoo, 120 of vendor?[2J\n" in said
    assert "verdicts    claim-5: confirmed, now refuted (restated_bar)\n" in said
    assert "and 2 before\n" in said
    assert "report      not that of this version" in said
    assert "alerts      none looked for yet" in said
    assert "daemon      never heard" in said
    assert not (data_dir / "dagster_home").exists()


def test_a_failed_check_and_a_silent_sink_show(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = data_dir / "dagster_home"
    home.mkdir()
    shutil.copy(ROOT / "data" / "dagster_home" / "dagster.yaml", home)
    bars = dg.AssetSpec("bars")
    checks = dg.Definitions(assets=[bars], asset_checks=[are_plausible])
    with dg.DagsterInstance.from_config(str(home)) as instance:
        job = checks.resolve_implicit_global_asset_job_def()
        assert job.execute_in_process(instance=instance).success
        remember(data_dir / "alerts.json", Memory(is_sink_failing=True))
    main(["status"])
    said = capsys.readouterr().out
    assert "checks      bars are_plausible: warning\n" in said
    assert "alerts      wait: the sink log did not take them\n" in said
    remember(data_dir / "alerts.json", Memory(open=("run_failure:marts",)))
    main(["status"])
    assert "alerts      told and lasting: run_failure:marts\n" in capsys.readouterr().out
