"""Stale data on landed bars: late is what a finished tick could have had, and it is told once."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.alerts.sensors import tell
from orchestration.settings import load_settings
from tests.conftest import Deployment
from tests.receivers import webhook


def test_an_exchange_that_is_behind_is_told_until_it_catches_up(deployment: Deployment) -> None:
    log = logging.getLogger("test")
    with webhook() as hook, dg.DagsterInstance.ephemeral() as instance:

        def told(moment: str, provider: str) -> list[str]:
            settings = load_settings(
                {
                    "AFTERSHOCK_DATA_DIR": str(deployment.data_dir),
                    "AFTERSHOCK_PRICE_PROVIDER": provider,
                    "AFTERSHOCK_ALERT_SINK": "webhook",
                    "AFTERSHOCK_ALERT_WEBHOOK_URL": hook.url,
                }
            )
            hook.posted.clear()
            tell(settings, instance, datetime.fromisoformat(moment).astimezone(UTC), log)
            return [entry["text"] for posted in hook.posted for entry in posted["alerts"]]

        # seven exchanges hold a symbol that has no recorded bar, or none of these days; Tokyo's
        # session of the 21st is over, but no tick has come yet
        first = told("2025-03-21T12:00+00:00", "yahoo")
        assert [text.split(" yet")[0] for text in first if text.startswith("XTKS")] == [
            "XTKS has no bar of 2025-03-19"
        ]
        assert len(first) == 7
        # it lasts, and one session more is no other state
        assert told("2025-03-21T19:00+00:00", "yahoo") == []
        # New York is over and so is its tick, but a provider has six hours from the close
        assert told("2025-03-22T01:00+00:00", "yahoo") == []
        late = told("2025-03-22T03:00+00:00", "yahoo")
        assert [text[:35] for text in late] == [
            "XNAS has no bar of 2025-03-21 yet f",
            "XNYS has no bar of 2025-03-21 yet f",
        ]
        assert "NVDA (1 behind)" in late[0]
        # the recorded provider ends there, so that nothing is late; then it is news again
        assert told("2025-03-23T12:00+00:00", "recorded") == []
        assert len(told("2025-03-24T12:00+00:00", "yahoo")) == 9
        # landed files are not read every minute
        assert told("2025-03-24T12:05+00:00", "recorded") == []
        assert told("2025-03-24T12:21+00:00", "yahoo") == []
