"""What the overview and the list of articles show."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.marts import Marts, Shown

# What a newsroom must look at first, and what each word means.
VERDICTS = {
    "refuted": "No basis fits; the explanation gives the derived figure and the nearest basis.",
    "insufficient_data": "A bar that it needs is missing or quarantined; the explanation names it.",
    "confirmed_other_basis": "Another named basis fits, such as the last print or the open.",
    "consistent_intraday": "The close does not fit, but the session's low-high range does, and the "
    "article does not claim the close.",
    "confirmed": "The move at the close lies in what the printed precision allows.",
    "not_testable": "Prices cannot show it; the explanation says why.",
}
NEWEST_ARTICLES = 12
MOST_MOVES = 12
MOST_INCIDENTS = 50
MOST_EVENTS = 60
# Of the articles, in their list.
MOST_LISTED = 300


def overview(marts: Marts) -> dict[str, Any]:
    """Return data as of, claims by verdict, what moved, open incidents, events and articles."""
    counts = marts.rows(
        """
        select
            verdict,
            count(*) filter (claim_source = 'documented') as documented,
            count(*) filter (claim_source = 'extracted') as extracted,
        from claim_verdicts
        group by verdict
        """
    )
    claims = {row["verdict"]: row for row in counts}
    none = {"documented": 0, "extracted": 0}
    return {
        "freshness": freshness(marts),
        "verdicts": [
            {**claims.get(name, none), "verdict": name, "meaning": meaning}
            for name, meaning in VERDICTS.items()
        ],
        "movers": _movers(marts, MOST_MOVES),
        "moves": _abnormal_moves(marts, MOST_MOVES),
        "incidents": _incident_summary(marts),
        "newest": articles(marts).rows[:NEWEST_ARTICLES],
    }


def events(marts: Marts) -> Shown:
    """Return the newest events, each with its first day 0."""
    return marts.first(
        MOST_EVENTS,
        """
        select
            events.*,
            (
                select min(day_0_session_date) from event_sessions
                where event_sessions.event_id = events.event_id
            ) as first_day_0,
        from events
        order by announced_at desc, event_id
        """,
    )


def freshness(marts: Marts) -> list[dict[str, Any]]:
    """Return, by exchange with prices, its last priced session and how far its calendar is ahead.

    A session counts once it had closed when the version was published.
    """
    return marts.rows(
        """
        with priced as (
            select mic, max(session_date) as data_as_of, max(session_index) as last_index
            from daily_returns
            where close is not null
            group by mic
        ),
        closed as (
            select mic, max(session_date) as last_closed, max(session_index) as closed_index
            from trading_sessions
            where closes_at <= (select max(published_at) from publish_meta)
            group by mic
        ),
        names as (
            select mic, any_value(exchange_name) as exchange_name from instruments group by mic
        )
        select
            priced.mic,
            names.exchange_name,
            priced.data_as_of,
            closed.last_closed,
            closed.closed_index - priced.last_index as sessions_behind,
        from priced
        left join closed using (mic)
        left join names using (mic)
        order by priced.mic
        """
    )


def articles(marts: Marts) -> Shown:
    """Return the newest articles, each with its number of claims by verdict."""
    found = marts.first(
        MOST_LISTED, "select * from articles order by published_at desc, article_id"
    )
    counts: dict[str, dict[str, int]] = {}
    for row in marts.rows(
        """
        select article_id, verdict, count(*) as claims
        from claim_verdicts
        group by article_id, verdict
        """
    ):
        counts.setdefault(row["article_id"], {})[row["verdict"]] = row["claims"]
    rows = [
        {
            **article,
            "verdicts": [
                (name, counts[article["article_id"]][name])
                for name in VERDICTS
                if name in counts.get(article["article_id"], {})
            ],
        }
        for article in found.rows
    ]
    return Shown(rows, found.total)


def _movers(marts: Marts, most: int) -> list[dict[str, Any]]:
    """Return the moves of each exchange's last session, largest first."""
    return marts.rows(
        """
        select returns.*, instruments.name, instruments.kind,
        from daily_returns as returns
        inner join instruments using (symbol)
        where returns.move_pct is not null
        qualify returns.session_date = max(returns.session_date) over (partition by returns.mic)
        order by abs(returns.move_pct) desc, returns.symbol
        limit ?
        """,
        most,
    )


def _abnormal_moves(marts: Marts, most: int) -> list[dict[str, Any]]:
    """Return the newest abnormal moves, with the article that explains each where one does."""
    return marts.rows(
        """
        with explained as (
            select
                symbol, session_date, return_pct, abnormal_return_pct, z_score,
                article_id, publisher,
            from explained_moves
            qualify row_number() over (
                partition by symbol, session_date
                order by fitting_claims desc, naming_claims desc, published_at, article_id
            ) = 1
        ),
        moves as (
            from explained
            union all
            select
                symbol, session_date, return_pct, abnormal_return_pct, z_score,
                null as article_id, null as publisher,
            from unexplained_moves
        )
        select moves.*, instruments.name,
        from moves
        inner join instruments using (symbol)
        order by session_date desc, abs(z_score) desc, symbol
        limit ?
        """,
        most,
    )


def _incident_summary(marts: Marts) -> Shown:
    """Return, by symbol and reason, the quarantined bars that no correction replaces."""
    return marts.first(
        MOST_INCIDENTS,
        """
        select symbol, reason, count(*) as bars, max(session_date) as last_session,
        from price_incidents
        where is_quarantined and corrected_close is null
        group by symbol, reason
        order by last_session desc, symbol, reason
        """,
    )
