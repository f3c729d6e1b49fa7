"""What the page of an article shows: each figure, its verdict, and the bar that decides it."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.marts import Marts
from orchestration.defs.report.price_bar import price_bar


def article_pages(marts: Marts) -> dict[str, list[dict[str, Any]]]:
    """Return the claims of every article, by article id, in the order of its page.

    Each claim is a row of `claim_verdicts` with the bar of its session (`bar_*`), the names of
    its instrument and exchange, and the drawing of that bar (`drawing`; None without prices).
    """
    claims = marts.rows(
        """
        select
            claims.*,
            bars.open as bar_open,
            bars.high as bar_high,
            bars.low as bar_low,
            bars.close as bar_close,
            bars.quality as bar_quality,
            bars.price_source as bar_source,
            instruments.name as instrument_name,
            instruments.kind as instrument_kind,
            instruments.exchange_name,
        from claim_verdicts as claims
        left join daily_returns as bars
            on claims.symbol = bars.symbol and claims.session_date = bars.session_date
        left join instruments on claims.symbol = instruments.symbol
        order by
            claims.article_id,
            claims.verdict = 'not_testable',
            list_position(
                [
                    'refuted', 'insufficient_data', 'confirmed_other_basis', 'consistent_intraday',
                    'confirmed',
                ],
                claims.verdict
            ),
            claims.claim_id
        """
    )
    pages: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        claim["drawing"] = price_bar(claim)
        pages.setdefault(claim["article_id"], []).append(claim)
    return pages
