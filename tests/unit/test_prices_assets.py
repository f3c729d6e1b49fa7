"""The assets and checks as Dagster runs them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.defs.prices import assets, checks
from orchestration.defs.prices.assets import fetch_prices
from orchestration.defs.prices.checks import bars_are_fresh
from orchestration.defs.prices.provider import RateLimitedError
from tests.price_world import INSTRUMENTS, ScriptedProvider, land_reference, settings_in

JANUARY = {date(2025, 1, 24): 142.62, date(2025, 1, 27): 118.42, date(2025, 1, 31): 120.07}


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedProvider:
    """Use a scripted provider that has every symbol, in a data folder of its own."""
    settings = settings_in(tmp_path)
    land_reference(settings)
    scripted = ScriptedProvider(dict.fromkeys(INSTRUMENTS, JANUARY))
    for module in (assets, checks):
        monkeypatch.setattr(module, "load_settings", lambda: settings)
        monkeypatch.setattr(module, "load_provider", lambda *_: scripted)
    return scripted


def run(config: dict[str, Any] | None = None) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [fetch_prices, bars_are_fresh],
        run_config={"ops": {"fetch_prices": {"config": config or {}}}},
        raise_on_error=False,
    )


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def metadata(result: dg.ExecuteInProcessResult, name: str) -> dict[str, Any]:
    [found] = result.asset_materializations_for_node("fetch_prices")[
        0 if name == "daily_bars" else 1 :
    ][:1]
    assert found.asset_key.path[-1] == name
    return {key: value.value for key, value in found.metadata.items()}


def failure_of(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    [event] = [e for e in result.all_node_events if e.is_step_failure]
    data = event.step_failure_data.user_failure_data
    assert data
    assert data.description
    return data.description


def test_a_good_fetch_lands_and_both_checks_pass(
    provider: ScriptedProvider, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run()
    assert result.success
    found = evaluations(result)
    assert found["every_symbol_answered"].passed
    assert found["bars_are_fresh"].passed
    shown = metadata(result, "daily_bars")
    # Seoul was shut on the 27th; such a bar lands too, for the warehouse to judge.
    assert shown["rows_landed"] == shown["dagster/row_count"] == 15
    assert (shown["first_session"], shown["last_session"]) == ("2025-01-24", "2025-01-31")
    assert shown["symbols_by_outcome"] == {"scripted": {"answered": 5}}
    assert (
        "| 005930.KS | scripted | answered | 1 | 3 | 2025-01-24 | 2025-01-31 |  |"
        in shown["symbols"]
    )
    assert metadata(result, "corporate_actions")["rows_landed"] == 0
    assert "scripted: 5 symbols answered; 15 new bars up to 2025-01-31" in capfd.readouterr().err
    again = run()
    assert metadata(again, "daily_bars")["rows_landed"] == 0
    assert "scripted: 5 symbols answered; no new bars" in capfd.readouterr().err


def test_a_failed_symbol_warns_by_name_and_the_run_goes_on(provider: ScriptedProvider) -> None:
    provider.closes["NVDA"] = RateLimitedError("Yahoo answers 429.")
    result = run()
    assert result.success
    found = evaluations(result)["every_symbol_answered"]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found.description == "failed: NVDA"
    assert "| NVDA | scripted | rate_limited | 1 | 0 |  |  | Yahoo answers 429. |" in str(
        found.metadata["failed"].value
    )


def test_bars_that_stop_are_found_stale(provider: ScriptedProvider) -> None:
    provider.closes["ENR.DE"] = {date(2025, 1, 27): 48.0}
    result = run()
    assert result.success
    found = evaluations(result)["bars_are_fresh"]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found.description == "behind: XETR"
    assert "| XETR | 2025-01-31 | 2025-01-27 | no | ENR.DE (4) |" in str(
        found.metadata["exchanges"].value
    )


def test_when_all_fail_the_asset_fails_with_the_list(provider: ScriptedProvider) -> None:
    provider.closes = dict.fromkeys(INSTRUMENTS, RateLimitedError("429."))
    message = failure_of(run())
    assert "scripted: no symbol answered, 5 failed" in message
    assert all(symbol in message for symbol in INSTRUMENTS)


@pytest.mark.usefixtures("provider")
def test_a_bad_launchpad_entry_fails_with_its_mend() -> None:
    message = failure_of(run({"start_date": "2025-01-31", "end_date": "2025-01-24"}))
    assert message == "start_date: 2025-01-31 is after end_date 2025-01-24; swap them."


def test_a_backfill_from_the_launchpad_asks_for_its_days_only(provider: ScriptedProvider) -> None:
    run({"start_date": "2025-01-24", "end_date": "2025-01-27", "symbols": ["NVDA"]})
    assert provider.asked == [("NVDA", date(2025, 1, 24), date(2025, 1, 27))]
