"""What the page of an article shows: each figure, its verdict, and the bar that decides it."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.marts import Marts
from orchestration.defs.report.price_bar import price_bar

# An article with more is a table of figures, and no page for a person.
MOST_CLAIMS = 60


def article_page(marts: Marts, article_id: str) -> dict[str, Any]:
    """Return the claims of an article in the order of its page, and what it is a copy of.

    Each claim is a row of `claim_verdicts` with the bar of its session (`bar_*`), the names of
    its instrument and exchange, and the drawing of that bar (`drawing`; None without prices).
    """
    claims = marts.first(
        MOST_CLAIMS,
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
        where claims.article_id = ?
        order by
            claims.claim_source,
            claims.verdict = 'not_testable',
            list_position(
                [
                    'refuted', 'insufficient_data', 'confirmed_other_basis', 'consistent_intraday',
                    'confirmed',
                ],
                claims.verdict
            ),
            claims.claim_id
        """,
        article_id,
    )
    for claim in claims.rows:
        claim["drawing"] = price_bar(claim)
    copies = marts.rows("select * from article_links where article_id = ?", article_id)
    return {"claims": claims, "copy_of": copies[0] if copies else None}
