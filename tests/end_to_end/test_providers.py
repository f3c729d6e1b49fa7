"""Two providers in one run: a vendor's dropped file in front of the recorded bars."""

from __future__ import annotations

from tests.conftest import Deployment

DROPPED = """symbol,date,open,high,low,close,volume,currency,dividend,split_ratio
NVDA,2025-03-19,117.27,120.45,115.68,{same},273426200,USD,,
NVDA,2025-03-20,116.55,121.50,116.47,121.00,248829300,USD,,
NVDA,2025-03-21,116.94,117.99,115.42,117.70,266498500,USD,,
"""


def test_what_one_has_lands_from_it_and_a_disagreement_is_an_incident(
    deployment: Deployment,
) -> None:
    close = "select close from daily_returns where symbol = 'NVDA' and session_date = ?"
    ((same,),) = deployment.query(close, "2025-03-19")
    ((recorded,),) = deployment.query(close, "2025-03-20")
    folder = deployment.data_dir / "drop" / "plain"
    folder.mkdir(parents=True)
    (folder / "nvda.csv").write_text(DROPPED.format(same=same), encoding="utf-8")
    (folder / "broken.csv").write_text("symbol,date\nNVDA,today\n", encoding="utf-8")

    finished = deployment.run("run", AFTERSHOCK_PRICE_PROVIDER="drop, recorded")
    assert finished.code == 0, finished.output
    assert "drop: 1 symbols answered, 36 no data; recorded: 22 symbols answered" in finished.output
    assert "rejected: plain/broken.csv: has no column 'close'" in finished.output
    assert deployment.query(close, "2025-03-20") == [(121.0,)]
    assert deployment.query(close, "2025-03-21") == [(117.7,)]
    [(symbol, day, detail, is_quarantined)] = deployment.query(
        "select symbol, session_date::varchar, detail, is_quarantined from price_incidents "
        "where reason = 'provider_disagreement'"
    )
    assert (symbol, day, is_quarantined) == ("NVDA", "2025-03-20", False)
    assert f"the close is {recorded} from recorded and 121.0 from drop" in detail
    assert "the bar of drop is used" in detail
    # the run after it finds nothing new, and the incident stays
    published = deployment.published_files()
    again = deployment.run("run", AFTERSHOCK_PRICE_PROVIDER="drop, recorded")
    assert again.code == 0, again.output
    assert "; no new bars" in again.output
    assert deployment.published_files() == published
